import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";

interface Switch {
  conversationId: string;
  /** The version to show; what follows it is the newest branch through it. */
  messageId: string;
}

/** Show another version of a message, here and wherever the conversation is opened. */
export function useSwitchBranch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ conversationId, messageId }: Switch) =>
      requestJson<void>(API.conversation(conversationId), {
        method: "PATCH",
        body: { active_message_id: messageId },
      }),
    onSettled: (_data, _error, { conversationId }) =>
      client.invalidateQueries({ queryKey: KEYS.conversation(conversationId) }),
  });
}
