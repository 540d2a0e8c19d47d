import { expect, test } from "vitest";
import {
  type ConversationPages,
  joinedPages,
  knownBefore,
  newestPage,
} from "@/features/chat/state/known-pages";
import type { Conversation, Message } from "@/types/wire";

const idOf = (number: number) => `m${number}`;

function page(from: number, to: number): Conversation {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const messages = numbers.map((number) => ({
    id: idOf(number),
    parent_id: number ? idOf(number - 1) : null,
  }));
  return {
    id: "c",
    messages: messages as Message[],
    previous_cursor: from > 0 ? idOf(from) : null,
  } as Conversation;
}

/** Messages 0 to 29, in pages of ten. */
const KNOWN: ConversationPages = {
  pages: [page(20, 30), page(10, 20), page(0, 10)],
  pageParams: ["", idOf(20), idOf(10)],
};
const idsOf = (found: Conversation | null | undefined) => found?.messages.map(({ id }) => id);

test("the pages join in the order of the messages", () => {
  expect(idsOf(joinedPages(KNOWN))).toEqual(Array.from({ length: 30 }, (_, number) => idOf(number)));
});

test("what a message follows is known, wherever the pages were cut", () => {
  const found = knownBefore(KNOWN, idOf(22), 10);
  expect(idsOf(found)).toEqual(Array.from({ length: 10 }, (_, index) => idOf(12 + index)));
  expect(found?.previous_cursor).toBe(idOf(12));
});

test("the beginning has nothing before it", () => {
  expect(knownBefore(KNOWN, idOf(5), 10)?.previous_cursor).toBeNull();
});

test("what is not here has to be asked for", () => {
  expect(knownBefore(KNOWN, "of another branch", 10)).toBeNull();
  expect(knownBefore(newestPage(KNOWN), idOf(20), 10)).toBeNull();
  expect(knownBefore(undefined, idOf(20), 10)).toBeNull();
});
