import { expect, test } from "vitest";
import { EMPTY_ANSWER } from "@/features/chat/state/stream-reducer";
import { visibleMessages } from "@/features/chat/state/visible-messages";
import { aMessage, anAnswer } from "@/testing/builders";

const question = { clientMessageId: "k", text: "Why?", fileNames: [] };
const live = { ...EMPTY_ANSWER, messageId: "m2", userMessageId: "m1", text: "Because" };
const texts = (messages: { text: string }[]) => messages.map(({ text }) => text);

test("a new question and its answer stand at the end", () => {
  const earlier = [aMessage({ text: "Hi" }), anAnswer({ text: "Hello" })];
  expect(texts(visibleMessages(earlier, live, question))).toEqual(["Hi", "Hello", "Why?", "Because"]);
});

test("a question that is stored meanwhile is not shown twice", () => {
  const stored = [aMessage({ id: "m1", text: "Why?", client_message_id: "k" })];
  expect(texts(visibleMessages(stored, live, question))).toEqual(["Why?", "Because"]);
});

test("the stored answer takes the place of the live one", () => {
  const stored = [aMessage({ id: "m1", text: "Why?" }), anAnswer({ id: "m2", text: "Because." })];
  expect(texts(visibleMessages(stored, live, question))).toEqual(["Why?", "Because."]);
});

test("a retry takes the place of the answer that failed", () => {
  const stored = [
    aMessage({ id: "m1", text: "Why?" }),
    anAnswer({ id: "old", state: "failed", text: "Bec" }),
  ];
  expect(texts(visibleMessages(stored, live, question))).toEqual(["Why?", "Because"]);
});
