import { useQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/documents/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { StudyDocument } from "@/types/wire";

/**
 * One file with what has been read of it so far; the live feed keeps it true.
 *
 * With `known` nothing is fetched: that is what the page was told of it before.
 */
export function useDocument(id: string, known?: StudyDocument) {
  return useQuery({
    queryKey: KEYS.one(id),
    queryFn: ({ signal }) => requestJson<StudyDocument>(API.document(id), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    ...(known ? { initialData: known } : {}),
  });
}
