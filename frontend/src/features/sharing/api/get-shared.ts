import { useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/sharing/api/query-keys";
import { requestJson } from "@/lib/api-client";
import { withQuery } from "@/lib/with-query";
import type { SharedPage } from "@/types/wire";

/** What a link shows, from its beginning; the rest by `fetchNextPage`. */
export function useShared(token: string) {
  return useInfiniteQuery({
    queryKey: KEYS.shared(token),
    queryFn: ({ pageParam, signal }) =>
      requestJson<SharedPage>(withQuery(API.shared(token), { cursor: pageParam }), { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
