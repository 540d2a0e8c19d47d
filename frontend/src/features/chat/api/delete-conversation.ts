import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { writeDraft } from "@/features/chat/state/drafts";
import { requestJson } from "@/lib/api-client";

/** Delete a conversation with all that it owns, its draft included. */
export function useDeleteConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<void>(API.conversation(id), { method: "DELETE" }),
    onSuccess: (_, id) => {
      writeDraft(id, { text: "", attempt: null });
      return client.invalidateQueries({ queryKey: KEYS.list });
    },
  });
}
