/**
 * Draws diagrams for the page that holds this one in a hidden frame.
 *
 * It is apart since mermaid writes styles of its own: this page's policy allows them, and allows no connection, no
 * picture from elsewhere and no script but ours (backend/apps/core/security_headers.py). What leaves is one SVG text.
 */
import mermaid from "mermaid";
import type { DrawReply, DrawRequest } from "@/components/diagram/messages";
import { DIAGRAM_MAX_CHARS } from "@/components/diagram/messages";
import { standalone } from "@/diagram-page/standalone";

/** More would hold up the page, which shares its thread with this one. */
const MAX_EDGES = 300;
const FONT = "system-ui, sans-serif";
/** What a diagram's own text cannot change. */
const SECURE = [
  "themeCSS",
  "fontFamily",
  "altFontFamily",
  "htmlLabels",
  "flowchart",
  "dompurifyConfig",
  "logLevel",
];

let turn: Promise<unknown> = Promise.resolve();

window.addEventListener("message", (event: MessageEvent<DrawRequest>) => {
  const [port] = event.ports;
  if (event.source !== window.parent || event.origin !== window.location.origin || !port) return;
  // One at a time: mermaid has one configuration for all.
  turn = turn.then(async () => port.postMessage(await reply(event.data)));
});

async function reply({ source, isDark }: DrawRequest): Promise<DrawReply> {
  if (source.length > DIAGRAM_MAX_CHARS) return { problem: "source" };
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: isDark ? "dark" : "neutral",
    fontFamily: FONT,
    maxTextSize: DIAGRAM_MAX_CHARS,
    maxEdges: MAX_EDGES,
    secure: [
      "secure",
      "securityLevel",
      "startOnLoad",
      "maxTextSize",
      "suppressErrorRendering",
      "maxEdges",
      ...SECURE,
    ],
  });
  try {
    const { svg } = await mermaid.render("diagram", source);
    return { svg: standalone(svg) };
  } catch (error) {
    return { problem: isFetchFailure(error) ? "line" : "source" };
  } finally {
    document.body.replaceChildren();
  }
}

/** Each kind of diagram is a chunk of its own, fetched when it is met. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && /import|fetch|load/i.test(error.message);
}
