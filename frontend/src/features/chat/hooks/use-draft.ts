import { useEffect, useState } from "react";
import { STORAGE } from "@/config/storage-keys";
import { type Attempt, attemptOf, type Draft, readDraft, writeDraft } from "@/features/chat/state/drafts";

export interface DraftHandle {
  text: string;
  /** The browser has no room for it. */
  isUnsaved: boolean;
  setText: (text: string) => void;
  /** How the present text is sent, after the answer `parentId`; kept with it, so that a repeat is no second copy. */
  beginAttempt: (parentId: string | null) => Attempt;
  /** Forget the text that the server now has; what was typed meanwhile stays. False when it was another text. */
  confirm: (clientMessageId: string) => boolean;
}

interface OpenDraft {
  conversationId: string | null;
  draft: Draft;
  isUnsaved?: boolean;
}

/** The text of the composer, one per conversation, kept over reloads; it is the same in all tabs. */
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
    const isUnsaved = !writeDraft(conversationId, draft);
    // What is done next may come before the next render.
    open = { conversationId, draft, isUnsaved };
    setStored(open);
  };
  useOtherTabs(conversationId, () => setStored({ conversationId, draft: readDraft(conversationId) }));
  const isUnsaved = open.isUnsaved === true;
  useKeptPage(isUnsaved);
  return {
    text: open.draft.text,
    isUnsaved,
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

/** What is typed in one tab is there in the others, so that no tab writes over it; also in one that had been put away. */
function useOtherTabs(conversationId: string | null, onChange: () => void): void {
  useEffect(() => {
    const onStorage = ({ key }: StorageEvent) => {
      if (key === STORAGE.draft(conversationId)) onChange();
    };
    const onReturn = ({ persisted }: PageTransitionEvent) => persisted && onChange();
    window.addEventListener("storage", onStorage);
    window.addEventListener("pageshow", onReturn);
    return () => {
      window.removeEventListener("storage", onStorage);
      window.removeEventListener("pageshow", onReturn);
    };
  });
}

/** The browser asks before it closes a page whose text would be lost. */
function useKeptPage(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", onLeave);
    return () => window.removeEventListener("beforeunload", onLeave);
  }, [isUnsaved]);
}
