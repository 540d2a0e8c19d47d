import { expect, test } from "vitest";
import { EMPTY_ANSWER } from "@/features/chat/state/stream-reducer";
import { placeOf, visibleMessages } from "@/features/chat/state/visible-messages";
import { aConversation, aMessage, anAnswer } from "@/testing/builders";

const question = { clientMessageId: "k", text: "Why?", files: [] };
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

test("another answer to an earlier question shows its own branch, without what followed the first", () => {
  const { messages } = aConversation({
    messages: [aMessage({ id: "m1", text: "Why?" }), anAnswer({ text: "So." }), aMessage({ text: "And?" })],
  });
  expect(texts(visibleMessages(messages, live, null))).toEqual(["Why?", "Because"]);
});

test("a question put another way stands in the place of the earlier one, as its newest version", () => {
  const { messages } = aConversation({
    messages: [
      aMessage({ text: "Hi" }),
      anAnswer({ text: "Hello" }),
      aMessage({ id: "old", text: "Why is it?", client_message_id: "k" }),
      anAnswer({ text: "So." }),
    ],
  });
  const shown = visibleMessages(messages, live, question);
  expect(texts(shown)).toEqual(["Hi", "Hello", "Why?", "Because"]);
  expect(shown[2]?.siblings).toEqual({ ids: ["old", "m1"], index: 1 });
  expect(placeOf(shown[2] ?? aMessage())).toBe(messages[1]?.id);
});

test("a message keeps its place when the stored copy comes, or another version of it", () => {
  const earlier = aConversation({
    messages: [aMessage({ text: "Hi" }), anAnswer({ text: "Hello" })],
  }).messages;
  const whileWritten = visibleMessages(earlier, live, question).map(placeOf);
  const stored = [
    ...earlier,
    aMessage({ id: "m1", text: "Why?", parent_id: earlier[1]?.id ?? null }),
    anAnswer({ id: "m2", text: "Because.", parent_id: "m1" }),
  ];
  expect(visibleMessages(stored, live, question).map(placeOf)).toEqual(whileWritten);
  expect(new Set(whileWritten).size).toBe(4);
});
