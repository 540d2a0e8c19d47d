import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import { KEYS } from "@/features/chat/api/query-keys";
import { itemIn, type ListScope, withItem, withoutItem } from "@/features/chat/state/live-list";
import type { Conversation, ConversationList, ConversationSummary } from "@/types/wire";

type Pages = InfiniteData<ConversationList>;

/** A conversation as some list, or its own page, knows it. */
export function findConversation(client: QueryClient, id: string): ConversationSummary | null {
  for (const [, list] of listsIn(client)) {
    const item = list && itemIn(list, id);
    if (item) return item;
  }
  const [page] = client.getQueryData<InfiniteData<Conversation>>(KEYS.conversation(id))?.pages ?? [];
  return page ? summaryOf(page) : null;
}

/** What a list knows of a conversation: without its messages. */
function summaryOf({
  messages: _,
  documents: __,
  generation: ___,
  ...summary
}: Conversation): ConversationSummary {
  return summary;
}

/** Put a conversation, as it is now, into all the lists that it belongs to, and out of the others. */
export function placeConversation(client: QueryClient, item: ConversationSummary): void {
  for (const [queryKey, list] of listsIn(client)) {
    if (list) client.setQueryData(queryKey, withItem(list, scopeOf(queryKey), item));
  }
}

export function hideConversation(client: QueryClient, id: string): void {
  for (const [queryKey, list] of listsIn(client)) {
    if (list) client.setQueryData(queryKey, withoutItem(list, id));
  }
}

/** Change what is known of a conversation, in the lists and on its own page. */
export function changeConversation(
  client: QueryClient,
  id: string,
  change: Partial<ConversationSummary>,
): void {
  const known = findConversation(client, id);
  if (known) placeConversation(client, { ...known, ...change });
  client.setQueryData<InfiniteData<Conversation>>(
    KEYS.conversation(id),
    (open) => open && { ...open, pages: open.pages.map((page) => ({ ...page, ...change })) },
  );
}

/** All lists are asked for again, and what was found among conversations is old. */
export function refreshLists(client: QueryClient): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: KEYS.lists }),
    client.invalidateQueries({ queryKey: KEYS.search }),
  ]);
}

function listsIn(client: QueryClient): [QueryKey, Pages | undefined][] {
  return client.getQueriesData<Pages>({ queryKey: KEYS.lists });
}

function scopeOf(queryKey: QueryKey): ListScope {
  return queryKey[1] as ListScope;
}
