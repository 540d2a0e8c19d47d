import { expect, test } from "vitest";
import {
  isAnswering,
  type LiveEvent,
  type LiveState,
  liveReducer,
  NOTHING_LIVE,
  parseLiveEvent,
} from "@/features/chat/state/live-feed";

const ids = (conversation: string, generation: string) => ({
  conversation_id: conversation,
  generation_id: generation,
  user_message_id: "u",
});

/** The state after frames as they come over the wire. */
function after(...frames: object[]): LiveState {
  const events = frames.map((frame) => parseLiveEvent(JSON.stringify(frame)));
  return events.filter((event): event is LiveEvent => event !== null).reduce(liveReducer, NOTHING_LIVE);
}

test("what is being answered is known from the first frame on, and changes with the others", () => {
  const state = after(
    { type: "answering", conversations: [ids("a", "1"), ids("b", "2")] },
    { type: "started", title: "C", ...ids("c", "3") },
    { type: "finished", title: "A", state: "complete", ...ids("a", "1") },
  );
  expect(Object.keys(state.answering)).toEqual(["b", "c"]);
  expect(state.ended).toEqual({ a: "1" });
});

test("what ended while nobody listened is found out at the next connection", () => {
  const before = after({ type: "answering", conversations: [ids("a", "1"), ids("b", "2")] });
  const lost = liveReducer(before, { type: "lost" });
  const event = parseLiveEvent(JSON.stringify({ type: "answering", conversations: [ids("b", "9")] }));
  const state = liveReducer(lost, event as LiveEvent);
  expect(state.ended).toEqual({ a: "1", b: "2" });
  expect(Object.keys(state.answering)).toEqual(["b"]);
});

test("the late end of an earlier answer does not end the one that runs", () => {
  const state = after(
    { type: "answering", conversations: [ids("a", "2")] },
    { type: "finished", title: "A", state: "stopped", ...ids("a", "1") },
  );
  expect(Object.keys(state.answering)).toEqual(["a"]);
});

test("what the list said counts only while the feed is silent", () => {
  const open = after({ type: "answering", conversations: [ids("a", "1")] });
  expect([isAnswering(open, "a", false), isAnswering(open, "b", true)]).toEqual([true, false]);
  expect(isAnswering(liveReducer(open, { type: "lost" }), "b", true)).toBe(true);
});

test.each([
  ["no JSON", "{"],
  ["no object", "7"],
  ["an unknown type", '{"type":"moved"}'],
  ["a start without a generation", '{"type":"started","conversation_id":"a"}'],
  ["a state without conversations", '{"type":"answering"}'],
  ["an empty title", '{"type":"titled","conversation_id":"a","title":""}'],
])("%s is skipped", (_, data) => {
  expect(parseLiveEvent(data)).toBeNull();
});
