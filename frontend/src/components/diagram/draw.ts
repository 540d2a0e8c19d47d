import {
  DIAGRAM_PAGE,
  type DrawProblem,
  type DrawReply,
  type DrawRequest,
} from "@/components/diagram/messages";

const TIMEOUT_MS = 10_000;
/** The text of a diagram wraps by it. */
const FRAME_WIDTH_PX = 1_200;

let frame: Promise<HTMLIFrameElement> | null = null;

/** Why there is no picture. */
export class DrawFailure extends Error {
  constructor(readonly problem: DrawProblem) {
    super(problem);
  }
}

/** The picture of a diagram. Rejects with DrawFailure. */
export async function drawDiagram(request: DrawRequest): Promise<Blob> {
  frame ??= openFrame();
  const reply = await Promise.race([asked(await frame, request), tooLate()]);
  if ("svg" in reply) return new Blob([reply.svg], { type: "image/svg+xml" });
  // A frame that hangs, or has not all of its parts, is not asked again.
  if (reply.problem !== "source") closeFrame();
  throw new DrawFailure(reply.problem);
}

function asked(target: HTMLIFrameElement, request: DrawRequest): Promise<DrawReply> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<DrawReply>) => resolve(data);
    target.contentWindow?.postMessage(request, window.location.origin, [port2]);
  });
}

function tooLate(): Promise<DrawReply> {
  return new Promise((resolve) => setTimeout(() => resolve({ problem: "time" }), TIMEOUT_MS));
}

/** It has a size, for mermaid measures words, and is not seen. */
function openFrame(): Promise<HTMLIFrameElement> {
  const opened = document.createElement("iframe");
  opened.src = DIAGRAM_PAGE;
  opened.tabIndex = -1;
  opened.ariaHidden = "true";
  opened.className = "visually-hidden";
  opened.width = String(FRAME_WIDTH_PX);
  document.body.append(opened);
  return new Promise((resolve) => opened.addEventListener("load", () => resolve(opened), { once: true }));
}

function closeFrame(): void {
  void frame?.then((opened) => opened.remove());
  frame = null;
}
