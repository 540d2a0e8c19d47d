export const STORAGE = {
  theme: "lamla.theme", // public/theme.js reads the same name before the page paints
  language: "lamla.language",
  model: "lamla.model",
  drafts: "lamla.draft.",
  draft: (conversationId: string | null) => `${STORAGE.drafts}${conversationId ?? "new"}`,
};
