export const STORAGE = {
  preference: (name: string) => `lamla.${name}`, // public/theme.js reads the same names before the page paints
  language: "lamla.language",
  model: "lamla.model",
  /** Whose data this browser keeps for when there is no line, and of which build. */
  kept: "lamla.kept",
  /** What waits to be sent, one entry each. */
  outbox: "lamla.outbox.",
  traffic: "lamla.traffic",
  drafts: "lamla.draft.",
  /** The account that they belong to, if it is one's. */
  draftsOf: "lamla.drafts-of",
  /** The files that go with a draft. */
  draftFiles: (conversationId: string | null) => `${STORAGE.drafts}files.${conversationId ?? "new"}`,
  draft: (conversationId: string | null) => `${STORAGE.drafts}${conversationId ?? "new"}`,
  /** A question that is being put another way; all its versions have one client id. */
  edit: (clientMessageId: string) => `${STORAGE.drafts}edit.${clientMessageId}`,
};
