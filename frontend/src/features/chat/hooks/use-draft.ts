import { useState } from "react";
import { type Attempt, attemptOf, type Draft, readDraft, writeDraft } from "@/features/chat/state/drafts";

export interface DraftHandle {
  text: string;
  setText: (text: string) => void;
  /** How the present text is sent, after the answer `parentId`; kept with it, so that a repeat is no second copy. */
  beginAttempt: (parentId: string | null) => Attempt;
  /** Forget the text that the server now has; what was typed meanwhile stays. False when it was another text. */
  confirm: (clientMessageId: string) => boolean;
}

interface OpenDraft {
  conversationId: string | null;
  draft: Draft;
}

/** The text of the composer, one per conversation, kept over reloads. */
export function useDraft(conversationId: string | null): DraftHandle {
  const [stored, setStored] = useState<OpenDraft>(() => ({
    conversationId,
    draft: readDraft(conversationId),
  }));
  let open = stored;
  if (open.conversationId !== conversationId) {
    // Another conversation was opened: its draft replaces the text in this same render.
    open = { conversationId, draft: readDraft(conversationId) };
    setStored(open);
  }
  const keep = (draft: Draft) => {
    writeDraft(conversationId, draft);
    setStored({ conversationId, draft });
  };
  return {
    text: open.draft.text,
    setText: (text) => keep({ ...open.draft, text }),
    beginAttempt: (parentId) => {
      const draft = attemptOf(open.draft, parentId);
      keep(draft);
      return draft.attempt;
    },
    confirm: (clientMessageId) => {
      const { text, attempt } = open.draft;
      if (attempt?.clientMessageId !== clientMessageId) return false;
      keep({ text: text === attempt.text ? "" : text, attempt: null });
      return true;
    },
  };
}
