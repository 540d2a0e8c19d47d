import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";

/** Give a conversation another title. */
export function useRenameConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      requestJson<void>(API.conversation(id), { method: "PATCH", body: { title } }),
    onSuccess: (_, { id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: KEYS.list }),
        client.invalidateQueries({ queryKey: KEYS.conversation(id) }),
      ]),
  });
}
