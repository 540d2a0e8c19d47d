import { expect, test } from "vitest";
import { type ListScope, withItem, withoutItem } from "@/features/chat/state/live-list";
import { aConversation } from "@/testing/builders";
import type { ConversationSummary } from "@/types/wire";

const RECENT: ListScope = { courseId: null, view: "recent" };

/** Conversations by name, each a day older than the one before it. */
function listOf(...pages: string[][]) {
  let day = 28;
  return {
    pages: pages.map((ids, index) => ({
      items: ids.map((id) => {
        day -= 1;
        return aConversation({ id, title: id, updated_at: `2026-01-${day}T00:00:00Z` });
      }),
      next_cursor: index < pages.length - 1 ? `after page ${index}` : null,
    })),
    pageParams: pages.map(() => ""),
  };
}

type List = ReturnType<typeof listOf>;

const order = (list: ReturnType<typeof withItem>) => list.pages.map(({ items }) => items.map(({ id }) => id));

function change(list: List, id: string, changed: Partial<ConversationSummary>, scope = RECENT) {
  const found = list.pages.flatMap(({ items }) => items).find((item) => item.id === id);
  return withItem(list, scope, { ...(found ?? aConversation({ id })), ...changed });
}

test("a conversation that is asked something rises to the top, from whichever page", () => {
  const list = listOf(["a", "b"], ["c", "d"]);
  expect(order(change(list, "d", { updated_at: "2026-02-01T00:00:00Z" }))).toEqual([["d", "a", "b"], ["c"]]);
});

test("one that comes back stands where its time is, or waits on a page that is not here", () => {
  const list = listOf(["a", "b"], ["c"]);
  expect(order(change(list, "new", { updated_at: "2026-01-26T12:00:00Z" }))).toEqual([
    ["a", "new", "b"],
    ["c"],
  ]);
  expect(order(change(list, "old", { updated_at: "2025-01-01T00:00:00Z" }))).toEqual([
    ["a", "b"],
    ["c", "old"],
  ]);
  const unfinished = { ...list, pages: list.pages.slice(0, 1) };
  expect(
    order(withItem(unfinished, RECENT, aConversation({ id: "old", updated_at: "2025-01-01T00:00:00Z" }))),
  ).toEqual([["a", "b"]]);
});

test("a new title is shown where the old one was, also among those of one moment", () => {
  const list = listOf(["a", "b", "c"]);
  for (const item of list.pages[0]?.items ?? []) item.updated_at = "2026-01-01T00:00:00Z";
  const titles = change(list, "b", { title: "Optics" }).pages[0]?.items.map(({ title }) => title);
  expect(titles).toEqual(["a", "Optics", "c"]);
});

test.each<[string, ListScope, Partial<ConversationSummary>, boolean]>([
  ["pinned leaves the recent ones", RECENT, { pinned: true }, false],
  ["archived leaves the recent ones", RECENT, { archived: true }, false],
  [
    "archived leaves the pinned ones",
    { courseId: null, view: "pinned" },
    { pinned: true, archived: true },
    false,
  ],
  [
    "archived is among the archived, pinned or not",
    { courseId: null, view: "archived" },
    { pinned: true, archived: true },
    true,
  ],
  ["of a course is among those of that course", { courseId: "x", view: "recent" }, { course_id: "x" }, true],
  ["of a course is in the list of all", RECENT, { course_id: "x" }, true],
  ["of another course is not", { courseId: "x", view: "recent" }, { course_id: "y" }, false],
])("a conversation that is %s", (_, scope, changed, isThere) => {
  const ids = order(change(listOf(["a"]), "a", changed, scope)).flat();
  expect(ids.includes("a")).toBe(isThere);
});

test("what is deleted is on no page", () => {
  expect(order(withoutItem(listOf(["a", "b"], ["c"]), "c"))).toEqual([["a", "b"], []]);
});
