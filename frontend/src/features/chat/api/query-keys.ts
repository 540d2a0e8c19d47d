export const KEYS = {
  list: ["conversations"],
  conversation: (id: string | null) => ["conversation", id],
  models: ["models"],
  live: ["live"],
};
