import { useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { ConversationList } from "@/types/wire";

/** The caller's conversations, newest first, page by page; the live feed tells what changes in them. */
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
  });
}
