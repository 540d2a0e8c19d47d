/** Lists of conversations as they change: by what is done here, and by what the live feed tells. */
import type { InfiniteData } from "@tanstack/react-query";
import type { ConversationList, ConversationSummary } from "@/types/wire";

/** Which conversations a list has. */
export interface ListScope {
  /** Of one course; null for all. */
  courseId: string | null;
  /** `recent` are those that are neither pinned nor archived. */
  view: "pinned" | "recent" | "archived";
}

type Pages = InfiniteData<ConversationList>;

export function belongsTo({ courseId, view }: ListScope, item: ConversationSummary): boolean {
  if (courseId !== null && item.course_id !== courseId) return false;
  if (item.archived) return view === "archived";
  return view === (item.pinned ? "pinned" : "recent");
}

export function itemIn(list: Pages, conversationId: string): ConversationSummary | undefined {
  return list.pages.flatMap(({ items }) => items).find(({ id }) => id === conversationId);
}

/** The list with a conversation as it is now: at its place by time, or nowhere when it belongs to another list. */
export function withItem(list: Pages, scope: ListScope, item: ConversationSummary): Pages {
  const rest = withoutItem(list, item.id);
  if (!belongsTo(scope, item)) return rest;
  if (itemIn(list, item.id)?.updated_at === item.updated_at)
    return mapPages(list, (items) => items.map((each) => (each.id === item.id ? item : each)));
  const older = (each: ConversationSummary) => Date.parse(each.updated_at) < Date.parse(item.updated_at);
  const pageIndex = rest.pages.findIndex(({ items }) => items.some(older));
  if (pageIndex >= 0) {
    return mapPages(rest, (items, index) => {
      if (index !== pageIndex) return items;
      const at = items.findIndex(older);
      return [...items.slice(0, at), item, ...items.slice(at)];
    });
  }
  const last = rest.pages.length - 1;
  // Older than all that is here: it is on a page that has not been fetched, if there is one.
  if (rest.pages[last]?.next_cursor) return rest;
  return mapPages(rest, (items, index) => (index === last ? [...items, item] : items));
}

export function withoutItem(list: Pages, conversationId: string): Pages {
  return mapPages(list, (items) => items.filter(({ id }) => id !== conversationId));
}

function mapPages(
  list: Pages,
  change: (items: ConversationList["items"], index: number) => ConversationList["items"],
): Pages {
  return {
    ...list,
    pages: list.pages.map((page, index) => ({ ...page, items: change(page.items, index) })),
  };
}
