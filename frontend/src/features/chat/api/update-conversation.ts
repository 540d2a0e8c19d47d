import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { changeConversation, findConversation, refreshLists } from "@/features/chat/state/list-cache";
import { requestJson } from "@/lib/api-client";
import type { ConversationSummary } from "@/types/wire";

type Change = Partial<Pick<ConversationSummary, "title" | "pinned" | "archived">>;

/** Rename, pin or archive a conversation: seen at once, and taken back when the server does not do it. */
export function useChangeConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string } & Change) =>
      requestJson<void>(API.conversation(id), { method: "PATCH", body: change }),
    onMutate: async ({ id, ...change }) => {
      // What is on its way shows the state before.
      await client.cancelQueries({ queryKey: KEYS.lists });
      const before = findConversation(client, id);
      changeConversation(client, id, change);
      return before;
    },
    onError: (_error, { id, ...change }, before) => {
      if (before) changeConversation(client, id, asBefore(change, before));
    },
    onSettled: (_data, _error, { id }) =>
      Promise.all([refreshLists(client), client.invalidateQueries({ queryKey: KEYS.conversation(id) })]),
  });
}

/** What a change has changed; the rest may have become another by another change meanwhile. */
function asBefore(change: Change, before: ConversationSummary): Change {
  return Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof Change]]));
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
