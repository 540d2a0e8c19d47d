import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Speaker } from "@/features/chat/state/speaker";
import { EMPTY_ANSWER } from "@/features/chat/state/stream-reducer";
import type { LiveAnswer } from "@/features/chat/types";

const FRAME = { beginning: "Lamla is answering.", ending: "The answer is complete." };

let said: { text: string; at: number }[];
let speaker: Speaker;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  speaker = new Speaker((text) => said.push({ text, at: Date.now() }));
});
afterEach(() => vi.useRealTimers());

const hear = (text: string, change: Partial<LiveAnswer> = {}) =>
  speaker.hear({ ...EMPTY_ANSWER, messageId: "m1", phase: "writing", text, ...change }, FRAME);

const texts = () => said.map(({ text }) => text);

test("an answer is said in whole sentences, each once, never sooner than a second and a half after the last", () => {
  const text = "One is one. Two is two! Is three three? And so it goes on. The end";
  for (let end = 0; end <= text.length; end += 1) {
    hear(text.slice(0, end));
    vi.advanceTimersByTime(100);
  }
  hear(text, { phase: "complete" });
  speaker.hear(null, FRAME);
  vi.runAllTimers();
  expect(texts().join(" ")).toBe(`${FRAME.beginning} ${text} ${FRAME.ending}`);
  expect(said.length).toBeGreaterThan(3);
  const gaps = said.slice(1).map(({ at }, index) => at - (said[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_500);
});

test("an answer that goes on with another one does not say that one again", () => {
  hear("One. Two.", { phase: "stopped" });
  vi.runAllTimers();
  hear("One.", { messageId: "m2" });
  vi.runAllTimers();
  hear("One. Two. Three. ", { messageId: "m2" });
  vi.runAllTimers();
  expect(texts()).toEqual([FRAME.beginning, "One. Two.", FRAME.beginning, "Three."]);
});

test("when another conversation is opened, nothing more of this one is said", () => {
  hear("One. Two. ");
  speaker.hush();
  vi.runAllTimers();
  expect(texts()).toEqual([FRAME.beginning]);
});
