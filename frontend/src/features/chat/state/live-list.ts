/** The list of conversations as the live feed changes it. */
import type { InfiniteData } from "@tanstack/react-query";
import type { ConversationList } from "@/types/wire";

type Pages = InfiniteData<ConversationList>;

/** The list with another title for one of its conversations. */
export function withTitle(list: Pages, conversationId: string, title: string): Pages {
  return mapItems(list, (items) =>
    items.map((item) => (item.id === conversationId ? { ...item, title } : item)),
  );
}

/** The list with a conversation at its top, since it was asked something; null when the list does not have it. */
export function withNewest(list: Pages, conversationId: string, now: Date): Pages | null {
  const found = list.pages.flatMap(({ items }) => items).find(({ id }) => id === conversationId);
  if (!found) return null;
  const rest = mapItems(list, (items) => items.filter(({ id }) => id !== conversationId));
  const [first, ...others] = rest.pages;
  if (!first) return null;
  const newest = { ...found, updated_at: now.toISOString() };
  return { ...rest, pages: [{ ...first, items: [newest, ...first.items] }, ...others] };
}

function mapItems(
  list: Pages,
  change: (items: ConversationList["items"]) => ConversationList["items"],
): Pages {
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: change(page.items) })) };
}
