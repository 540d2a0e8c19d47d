import { expect, test } from "vitest";
import { parseChatEvent } from "@/features/chat/state/parse-event";
import { EMPTY_ANSWER, isFinal, streamReducer } from "@/features/chat/state/stream-reducer";
import type { LiveAnswer } from "@/features/chat/types";

const START = {
  type: "start",
  messageId: "m1",
  messageMetadata: { conversation_id: "c1", user_message_id: "u1", generation_id: "g1" },
};
const delta = (text: string) => ({ type: "text-delta", id: "answer", delta: text });

/** The answer after frames as they come over the wire. */
function after(...frames: object[]): LiveAnswer {
  return frames.reduce<LiveAnswer>((answer, frame) => {
    const event = parseChatEvent(JSON.stringify(frame));
    return event ? streamReducer(answer, event) : answer;
  }, EMPTY_ANSWER);
}

test("deltas become the text, in order", () => {
  const answer = after(
    START,
    { type: "text-start", id: "answer" },
    delta("Photo"),
    delta("syn"),
    delta("thesis"),
  );
  expect(answer).toMatchObject({
    phase: "writing",
    text: "Photosynthesis",
    messageId: "m1",
    conversationId: "c1",
  });
});

test("a replay from the start replaces what was there", () => {
  const answer = after(START, delta("Photosyn"), START, delta("Photo"));
  expect(answer.text).toBe("Photo");
});

test("thinking is kept apart from the answer", () => {
  expect(after(START, { type: "reasoning-delta", id: "r", delta: "hm" }, delta("So"))).toMatchObject({
    reasoning: "hm",
    text: "So",
  });
});

test("citations are named by their document, in the order of their marks, one per claim", () => {
  const cite = (n: number) => ({
    type: "data-citation",
    data: { n, source_id: "d1", document_id: "d1", page: 7, label: "page 7", quote: "q", verified: true },
  });
  const answer = after(
    START,
    {
      type: "source-document",
      sourceId: "d1",
      mediaType: "text/plain",
      title: "slides.pdf",
      filename: "slides.pdf",
    },
    cite(2),
    cite(1),
    cite(2),
  );
  expect(answer.sources.map(({ n, filename }) => [n, filename])).toEqual([
    [2, "slides.pdf"],
    [1, "slides.pdf"],
    [2, "slides.pdf"],
  ]);
});

test("a later notice of the same kind takes the place of the earlier", () => {
  const notice = (message: string) => ({
    type: "data-notice",
    transient: true,
    data: { code: "queued", message },
  });
  expect(after(START, notice("third in line"), notice("second in line")).notices).toEqual([
    { type: "notice", code: "queued", message: "second in line" },
  ]);
});

test.each([
  ["finish", [{ type: "finish", finishReason: "stop", messageMetadata: { state: "complete" } }], "complete"],
  ["abort", [{ type: "abort" }], "stopped"],
  ["error", [{ type: "error", errorText: "Out of luck." }], "failed"],
])("%s ends it and keeps what was written", (_, frames, phase) => {
  const answer = after(START, delta("Half"), ...frames);
  expect(answer).toMatchObject({ phase, text: "Half" });
  expect(isFinal(answer)).toBe(true);
});

test("the problem document is what is shown, not the plain error after it", () => {
  const answer = after(
    START,
    { type: "data-problem", data: { code: "rate_limited", detail: "Wait a minute.", status: 429 } },
    { type: "error", errorText: "rate limited" },
  );
  expect(answer.problem).toEqual({ code: "rate_limited", detail: "Wait a minute." });
});

test("a cut line shows until text comes again, and never undoes an end", () => {
  const cut = { type: "line-cut" } as const;
  expect(streamReducer(after(START, delta("a")), cut).phase).toBe("reconnecting");
  expect(streamReducer(after(START, { type: "abort" }), cut).phase).toBe("stopped");
});

test("a line that is open again shows what it was doing", () => {
  const open = { type: "line-open" } as const;
  const cut = { type: "line-cut" } as const;
  expect(streamReducer(streamReducer(after(START, delta("a")), cut), open).phase).toBe("writing");
  expect(streamReducer(streamReducer(after(START), cut), open).phase).toBe("waiting");
  expect(streamReducer(after(START, { type: "abort" }), open).phase).toBe("stopped");
});

test.each([
  ["no JSON", "{"],
  ["no object", "7"],
  ["an unknown type", '{"type":"data-future"}'],
  ["a start without a conversation", '{"type":"start"}'],
  ["a type of another kind", '{"type":7}'],
  ["a name from the object's own prototype", '{"type":"toString"}'],
])("%s is skipped", (_, data) => {
  expect(parseChatEvent(data)).toBeNull();
});
