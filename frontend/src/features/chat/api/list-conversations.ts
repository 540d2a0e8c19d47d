import { useInfiniteQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import { withQuery } from "@/lib/with-query";
import type { ConversationList } from "@/types/wire";

/** The caller's conversations, or those of one course, newest first, page by page; the live feed tells what changes in them. */
export function useConversations(courseId: string | null) {
  return useInfiniteQuery({
    queryKey: KEYS.list(courseId),
    queryFn: ({ pageParam, signal }) =>
      requestJson<ConversationList>(
        withQuery(API.conversations, { course_id: courseId, cursor: pageParam }),
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
