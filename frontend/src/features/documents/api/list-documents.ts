import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { type DocumentFilter, KEYS } from "@/features/documents/api/query-keys";
import type { DocumentList } from "@/features/documents/types";
import { requestJson } from "@/lib/api-client";
import { withQuery } from "@/lib/with-query";

/** The caller's files, newest first, page by page; the live feed tells what changes in them. */
export function useDocuments(filter: DocumentFilter) {
  return useInfiniteQuery({
    queryKey: KEYS.list(filter),
    queryFn: ({ pageParam, signal }) =>
      requestJson<DocumentList>(
        withQuery(API.documents, { course_id: filter.courseId, q: filter.name, cursor: pageParam }),
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // Another word in the search does not blank the list.
    placeholderData: (before, query) =>
      query && isSameCourse(query.queryKey, filter) ? keepPreviousData(before) : undefined,
  });
}

function isSameCourse(key: readonly unknown[], { courseId }: DocumentFilter): boolean {
  return (key[2] as DocumentFilter | undefined)?.courseId === courseId;
}
