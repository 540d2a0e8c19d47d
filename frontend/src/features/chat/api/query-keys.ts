export const KEYS = {
  lists: ["conversations"],
  /** Of one course; null for all. */
  list: (courseId: string | null) => ["conversations", courseId],
  conversations: ["conversation"],
  conversation: (id: string | null) => ["conversation", id],
  models: ["models"],
  live: ["live"],
};
