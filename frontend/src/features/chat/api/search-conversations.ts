import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CONVERSATION_HITS } from "@/config/limits";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import { withQuery } from "@/lib/with-query";
import type { FoundConversation } from "@/types/wire";

/** The conversations where the words stand, in title or text, best first; earlier results stay while one types on. */
export function useConversationSearch(words: string) {
  return useQuery({
    queryKey: KEYS.searchFor(words),
    queryFn: async ({ signal }) => {
      const path = withQuery(API.conversationSearch, { q: words, limit: CONVERSATION_HITS });
      return (await requestJson<{ items: FoundConversation[] }>(path, { signal })).items;
    },
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
}
