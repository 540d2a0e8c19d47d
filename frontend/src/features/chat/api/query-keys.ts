import type { ListScope } from "@/features/chat/state/live-list";

export const KEYS = {
  lists: ["conversations"],
  list: (scope: ListScope) => ["conversations", scope],
  search: ["conversation-search"],
  searchFor: (words: string) => ["conversation-search", words],
  conversations: ["conversation"],
  conversation: (id: string | null) => ["conversation", id] as const,
  models: ["models"],
  live: ["live"],
};
