import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import {
  findConversation,
  hideConversation,
  placeConversation,
  refreshLists,
} from "@/features/chat/state/list-cache";
import { requestJson } from "@/lib/api-client";
import { dropKept } from "@/lib/dropped-queries";
import type { ConversationSummary } from "@/types/wire";

/** Delete a conversation: it is gone from the lists at once, and back when the server does not do it. */
export function useDeleteConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<void>(API.conversation(id), { method: "DELETE" }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: KEYS.lists });
      const before = findConversation(client, id);
      hideConversation(client, id);
      return before;
    },
    onError: (_error, _id, before) => {
      if (before) placeConversation(client, before);
    },
    // Whoever goes back to it is not shown what it was.
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: KEYS.conversation(id) });
      dropKept(KEYS.conversation(id));
    },
    onSettled: () => refreshLists(client),
  });
}

/** Bring a deleted conversation back, with all that it had. */
export function useRestoreConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<ConversationSummary>(API.restore(id), { method: "POST" }),
    onSuccess: (conversation) => {
      placeConversation(client, conversation);
      return client.invalidateQueries({ queryKey: KEYS.conversation(conversation.id) });
    },
    onSettled: () => refreshLists(client),
  });
}
