import { type QueryFunctionContext, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { EARLIER_MESSAGES, SPARED_MESSAGES } from "@/config/limits";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import {
  type ConversationPages,
  joinedPages,
  knownBefore,
  newestPage,
} from "@/features/chat/state/known-pages";
import { requestJson } from "@/lib/api-client";
import { savesData } from "@/lib/data-saver";
import { withQuery } from "@/lib/with-query";
import type { Conversation } from "@/types/wire";

/** One conversation: its newest messages first, earlier ones by `fetchNextPage`. */
export function useConversation(id: string | null) {
  useOpenedAtItsEnd(id);
  return useInfiniteQuery({
    queryKey: KEYS.conversation(id),
    queryFn: fetchPage,
    initialPageParam: "",
    getNextPageParam: (page) => page.previous_cursor,
    enabled: id !== null,
    select: joinedPages,
  });
}

type ConversationKey = ReturnType<typeof KEYS.conversation>;

function fetchPage(
  context: QueryFunctionContext<ConversationKey, string>,
): Conversation | Promise<Conversation> {
  const { queryKey, pageParam: before, signal, client } = context;
  const earlier = savesData() ? SPARED_MESSAGES : EARLIER_MESSAGES;
  const known = before && knownBefore(client.getQueryData<ConversationPages>(queryKey), before, earlier);
  if (known) return known;
  const limit = before || savesData() ? earlier : null;
  return requestJson<Conversation>(withQuery(API.conversation(queryKey[1] ?? ""), { before, limit }), {
    signal,
  });
}

/** A conversation that is left lets go of its earlier messages: it is opened at its end again. */
function useOpenedAtItsEnd(id: string | null): void {
  const client = useQueryClient();
  useEffect(() => {
    const queryKey = KEYS.conversation(id);
    return () => {
      const kept = client.getQueryState<ConversationPages>(queryKey);
      if (kept?.data) client.setQueryData(queryKey, newestPage(kept.data), { updatedAt: kept.dataUpdatedAt });
    };
  }, [client, id]);
}
