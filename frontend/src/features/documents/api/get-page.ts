import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/documents/api/query-keys";
import type { DocumentPage } from "@/features/documents/types";
import { requestJson } from "@/lib/api-client";

/** The text of one page of a file, which never changes; the page before it stays until it is here. */
export function useDocumentPage(id: string, page: number) {
  return useQuery({
    queryKey: KEYS.page(id, page),
    queryFn: ({ signal }) => requestJson<DocumentPage>(API.documentPage(id, page), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
