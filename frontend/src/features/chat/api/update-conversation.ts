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
        client.invalidateQueries({ queryKey: KEYS.lists }),
        client.invalidateQueries({ queryKey: KEYS.conversation(id) }),
      ]),
  });
}

/** Have a conversation ask within a course; null takes it out of its course. */
export function useMoveConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, courseId }: { id: string; courseId: string | null }) =>
      requestJson<void>(API.conversation(id), { method: "PATCH", body: { course_id: courseId } }),
    onSuccess: (_, { id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: KEYS.lists }),
        client.invalidateQueries({ queryKey: KEYS.conversation(id) }),
      ]),
  });
}
