import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { type DocumentFilter, KEYS } from "@/features/documents/api/query-keys";
import type { DocumentList } from "@/features/documents/types";
import type { StudyDocument } from "@/types/wire";

type Pages = InfiniteData<DocumentList>;

/** Put a file as it is now wherever the page shows it; lists that should have it and do not are fetched again. */
export function applyDocument(client: QueryClient, document: StudyDocument): void {
  const before = client.getQueryData<StudyDocument>(KEYS.one(document.id));
  client.setQueryData(KEYS.one(document.id), document);
  const lists = client.getQueriesData<Pages>({ queryKey: KEYS.lists });
  const isListed = lists.some(([, list]) => list && has(list, document.id));
  for (const [queryKey, list] of lists) {
    if (!list) continue;
    if (has(list, document.id)) client.setQueryData(queryKey, withDocument(list, document));
    else if (!isListed && isOf(queryKey, document)) client.setQueryData(queryKey, withNewest(list, document));
  }
  const isMoved = before !== undefined && before.course_id !== document.course_id;
  if (!isListed || isMoved) void client.invalidateQueries({ queryKey: KEYS.lists });
}

function has({ pages }: Pages, id: string): boolean {
  return pages.some(({ items }) => items.some((item) => item.id === id));
}

/** Whether a list of this key shows the file; which names it looks for only the gateway can tell. */
function isOf(queryKey: readonly unknown[], { course_id }: StudyDocument): boolean {
  const { courseId, name } = queryKey[2] as DocumentFilter;
  return name === "" && (courseId === null || courseId === course_id);
}

function withNewest({ pages: [first, ...others], ...list }: Pages, document: StudyDocument): Pages {
  return { ...list, pages: first ? [{ ...first, items: [document, ...first.items] }, ...others] : [] };
}

function withDocument(list: Pages, document: StudyDocument): Pages {
  const replace = (item: StudyDocument) => (item.id === document.id ? document : item);
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(replace) })) };
}

/** What may have changed unseen, such as while the live feed was away. */
export function refreshDocuments(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: KEYS.all });
}
