import { useMutation, useQueryClient } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/documents/api/query-keys";
import { applyDocument } from "@/features/documents/state/document-cache";
import { requestJson } from "@/lib/api-client";
import type { StudyDocument } from "@/types/wire";

interface Change {
  id: string;
  filename?: string;
  /** null takes it out of its course. */
  course_id?: string | null;
}

/** Give a file another name, or another course. */
export function useChangeDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Change) =>
      requestJson<StudyDocument>(API.document(id), { method: "PATCH", body }),
    onSuccess: (document) => {
      applyDocument(client, document);
      return client.invalidateQueries({ queryKey: KEYS.lists });
    },
  });
}

/** Delete a file for good: its bytes, its pages, and what finds them. */
export function useDeleteDocument() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => requestJson<void>(API.document(id), { method: "DELETE" }),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: KEYS.one(id) });
      return client.invalidateQueries({ queryKey: KEYS.all });
    },
  });
}
