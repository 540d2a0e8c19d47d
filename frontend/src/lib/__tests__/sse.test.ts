import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { ConnectionLost } from "@/lib/errors";
import { readFrames, type SseFrame, SseParser } from "@/lib/sse";

afterEach(() => vi.useRealTimers());

function streamOf(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function collect(body: ReadableStream<Uint8Array>): Promise<SseFrame[]> {
  const frames: SseFrame[] = [];
  for await (const frame of readFrames(body, { silenceMs: 1_000, signal: new AbortController().signal }))
    frames.push(frame);
  return frames;
}

const data = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\r\n]/.test(text));

test("frames come out the same wherever the bytes are cut, even inside a character", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(data),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.array(fc.nat()),
      async (texts, newline, cuts) => {
        const wire = texts.map((text, n) =>
          [`id: 1-${n}`, `data: ${text}`, ": keep-alive", "", ""].join(newline),
        );
        const bytes = new TextEncoder().encode(wire.join(""));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
          (a, b) => a - b,
        );
        const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        // A lone CR at the very end could still become CRLF, so only the frames before it are certain.
        const closing = newline === "\r" ? [new TextEncoder().encode("\n")] : [];
        const frames = await collect(streamOf([...pieces, ...closing]));
        expect(frames).toEqual(texts.map((text, n) => ({ id: `1-${n}`, data: text })));
      },
    ),
  );
});

test.each([
  ["lines of data are joined", "data: a\ndata: b\n\n", ["a\nb"]],
  ["one space after the colon is not data", "data:a\n\ndata:  b\n\n", ["a", " b"]],
  ["a byte order mark is skipped", "\uFEFFdata: a\n\n", ["a"]],
  ["comments and unknown fields say nothing", ": hi\nretry: 5\nevent: x\n\ndata: a\n\n", ["a"]],
  ["a frame without its blank line is not whole", "data: a\n\ndata: b\n", ["a"]],
])("%s", (_, wire, expected) => {
  expect(new SseParser().push(wire).map((frame) => frame.data)).toEqual(expected);
});

test("silence longer than the limit is a lost connection, and closes it", async () => {
  vi.useFakeTimers();
  let isClosed = false;
  const silent = new ReadableStream<Uint8Array>({
    cancel: () => {
      isClosed = true;
    },
  });
  const outcome = expect(collect(silent)).rejects.toBeInstanceOf(ConnectionLost);
  await vi.advanceTimersByTimeAsync(1_001);
  await outcome;
  expect(isClosed).toBe(true);
});

test("a reader who leaves early closes the connection", async () => {
  let isClosed = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("data: x\n\n")),
    cancel: () => {
      isClosed = true;
    },
  });
  for await (const _ of readFrames(endless, { silenceMs: 1_000, signal: new AbortController().signal }))
    break;
  expect(isClosed).toBe(true);
});
