import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { ConversationList } from "@/types/wire";

const RUNNING_POLL_MS = 4_000;

/** The caller's conversations, newest first, page by page; asked again while one is being answered. */
export function useConversations() {
  return useInfiniteQuery({
    queryKey: KEYS.list,
    queryFn: ({ pageParam, signal }) =>
      requestJson<ConversationList>(
        pageParam ? `${API.conversations}?cursor=${encodeURIComponent(pageParam)}` : API.conversations,
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => (hasRunning(state.data) ? RUNNING_POLL_MS : false),
  });
}

function hasRunning(data: InfiniteData<ConversationList> | undefined): boolean {
  return data?.pages.some((page) => page.items.some(({ running }) => running)) ?? false;
}
