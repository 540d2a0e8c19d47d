import { useInfiniteQuery } from "@tanstack/react-query";
import { SPARED_CONVERSATIONS } from "@/config/limits";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import type { ListScope } from "@/features/chat/state/live-list";
import { requestJson } from "@/lib/api-client";
import { savesData } from "@/lib/data-saver";
import { withQuery } from "@/lib/with-query";
import type { ConversationList } from "@/types/wire";

const FILTERS = {
  pinned: { archived: "false", pinned: "true" },
  recent: { archived: "false", pinned: "false" },
  archived: { archived: "true" },
};

/** The caller's conversations of one list, newest first, page by page; the live feed tells what changes in them. */
export function useConversations(scope: ListScope) {
  return useInfiniteQuery({
    queryKey: KEYS.list(scope),
    queryFn: ({ pageParam, signal }) =>
      requestJson<ConversationList>(
        withQuery(API.conversations, {
          ...FILTERS[scope.view],
          course_id: scope.courseId,
          cursor: pageParam,
          limit: savesData() ? SPARED_CONVERSATIONS : null,
        }),
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
