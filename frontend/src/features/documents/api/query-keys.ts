/** Which files a list shows. */
export interface DocumentFilter {
  courseId: string | null;
  /** Part of their name; empty for all. */
  name: string;
}

export const KEYS = {
  all: ["documents"],
  lists: ["documents", "list"],
  list: (filter: DocumentFilter) => ["documents", "list", filter],
  one: (id: string) => ["documents", "one", id],
  page: (id: string, page: number) => ["document-pages", id, page],
  search: (courseId: string | null, words: string) => ["documents", "search", courseId, words],
  attached: (conversationId: string | null) => ["attached", conversationId],
};
