export const STORAGE = {
  theme: "lamla.theme", // public/theme.js reads the same name before the page paints
  language: "lamla.language",
  model: "lamla.model",
  draft: (conversationId: string | null) => `lamla.draft.${conversationId ?? "new"}`,
};
