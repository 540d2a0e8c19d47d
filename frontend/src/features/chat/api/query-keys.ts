export const KEYS = {
  list: ["conversations"],
  conversations: ["conversation"],
  conversation: (id: string | null) => ["conversation", id],
  models: ["models"],
  live: ["live"],
};
