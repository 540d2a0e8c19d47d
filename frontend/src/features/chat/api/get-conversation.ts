import { useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { Conversation } from "@/types/wire";

/** One conversation: its newest messages first, earlier ones by `fetchNextPage`. */
export function useConversation(id: string | null) {
  return useInfiniteQuery({
    queryKey: KEYS.conversation(id),
    queryFn: ({ pageParam, signal }) => {
      const path = API.conversation(id ?? "");
      return requestJson<Conversation>(pageParam ? `${path}?before=${encodeURIComponent(pageParam)}` : path, {
        signal,
      });
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.previous_cursor,
    enabled: id !== null,
    select: ({ pages }) => {
      const newest = pages[0];
      return newest && { ...newest, messages: pages.toReversed().flatMap(({ messages }) => messages) };
    },
  });
}
