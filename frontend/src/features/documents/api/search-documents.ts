import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { SEARCH_HITS } from "@/config/limits";
import { API } from "@/config/paths";
import { KEYS } from "@/features/documents/api/query-keys";
import type { SearchHit } from "@/features/documents/types";
import { requestJson } from "@/lib/api-client";
import { withQuery } from "@/lib/with-query";

/** The places in the caller's files where these words stand, the best first; nothing is asked without words. */
export function useDocumentSearch(words: string, courseId: string | null) {
  return useQuery({
    queryKey: KEYS.search(courseId, words),
    queryFn: async ({ signal }) => {
      const query = { q: words, course_id: courseId, limit: SEARCH_HITS };
      return (await requestJson<{ items: SearchHit[] }>(withQuery(API.documentSearch, query), { signal }))
        .items;
    },
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
}
