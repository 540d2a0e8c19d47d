export const STORAGE = {
  theme: "lamla.theme", // public/theme.js reads the same name before the page paints
  language: "lamla.language",
  model: "lamla.model",
  drafts: "lamla.draft.",
  /** The files that go with a draft. */
  draftFiles: (conversationId: string | null) => `${STORAGE.drafts}files.${conversationId ?? "new"}`,
  draft: (conversationId: string | null) => `${STORAGE.drafts}${conversationId ?? "new"}`,
};
