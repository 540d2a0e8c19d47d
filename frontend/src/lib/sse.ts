/** Server-sent events: bytes to frames. Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream". */
import { ConnectionLost } from "@/lib/errors";
import { addTraffic } from "@/lib/traffic";

/** How long a connection may take to end by itself: then it was no failure, and its size is known. */
const END_PATIENCE_MS = 1_000;

export interface SseFrame {
  id: string | null;
  data: string;
}

/** Takes text in pieces of any size and gives each frame once its blank line is here. */
export class SseParser {
  #rest = "";
  #id: string | null = null;
  #data: string[] = [];
  #isFirst = true;

  push(text: string): SseFrame[] {
    let buffer = this.#rest + text;
    if (this.#isFirst && buffer !== "") {
      buffer = buffer.replace(/^\uFEFF/, "");
      this.#isFirst = false;
    }
    // A CR at the end may be the first half of CRLF: it waits for the next piece.
    const open = buffer.endsWith("\r") ? buffer.slice(0, -1) : buffer;
    const lines = open.split(/\r\n|\r|\n/);
    this.#rest = (lines.pop() ?? "") + buffer.slice(open.length);
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): SseFrame | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }

  #dispatch(): SseFrame | null {
    if (this.#data.length === 0) return null;
    const frame = { id: this.#id, data: this.#data.join("\n") };
    this.#data = [];
    return frame;
  }
}

interface Reading {
  silenceMs: number;
  signal: AbortSignal;
  /** What the last frame says: whoever leaves after it lets the connection end by itself. */
  last?: string;
}

/**
 * Yield the frames of a body until it ends or `signal` aborts; leaving the loop closes the connection.
 *
 * Raises: ConnectionLost when the connection breaks, or nothing (not even a comment) comes for `silenceMs`.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  { silenceMs, signal, last }: Reading,
): AsyncGenerator<SseFrame, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  let bytes = 0;
  let isWhole = false;
  // A body that already failed rejects here as well; its error has been told.
  const close = () => void reader.cancel().catch(() => undefined);
  if (signal.aborted) close();
  signal.addEventListener("abort", close);
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, silenceMs);
      isWhole ||= done;
      if (done) return;
      bytes += value.length;
      for (const frame of parser.push(decoder.decode(value, { stream: true }))) {
        isWhole = frame.data === last;
        yield frame;
      }
    }
  } finally {
    signal.removeEventListener("abort", close);
    if (isWhole) setTimeout(close, END_PATIENCE_MS);
    else close();
    // The browser tells no size of what is left before its end: it counts as it was read.
    if (!isWhole) addTraffic(bytes);
  }
}

async function readWithin(reader: ReadableStreamDefaultReader<Uint8Array>, silenceMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost()), silenceMs);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch {
    throw new ConnectionLost();
  } finally {
    clearTimeout(timer);
  }
}
