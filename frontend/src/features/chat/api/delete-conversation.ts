import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { STORAGE } from "@/config/storage-keys";
import { KEYS } from "@/features/chat/api/query-keys";
import { writeDraft } from "@/features/chat/state/drafts";
import { requestJson } from "@/lib/api-client";
import { writeStored } from "@/lib/storage";

/** Delete a conversation with all that it owns, its draft included. */
export function useDeleteConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<void>(API.conversation(id), { method: "DELETE" }),
    onSuccess: (_, id) => {
      writeDraft(id, { text: "", attempt: null });
      writeStored(STORAGE.draftFiles(id), null);
      return client.invalidateQueries({ queryKey: KEYS.lists });
    },
  });
}
