import { STORAGE } from "@/config/storage-keys";
import { readStored, writeStored } from "@/lib/storage";
import { uuid } from "@/lib/uuid";

/** What stands in the composer of one conversation, and the prompt that it was last sent as. */
export interface Draft {
  text: string;
  attempt: Attempt | null;
}

/** A text under the id that it is sent under, and the answer that it follows: both stay when it is sent again. */
export interface Attempt {
  clientMessageId: string;
  text: string;
  parentId: string | null;
}

const EMPTY: Draft = { text: "", attempt: null };

export function readDraft(conversationId: string | null): Draft {
  const stored = readStored(STORAGE.draft(conversationId));
  if (!stored) return EMPTY;
  try {
    const { text, attempt } = JSON.parse(stored) as Partial<Draft>;
    return { text: typeof text === "string" ? text : "", attempt: attempt ?? null };
  } catch {
    return EMPTY;
  }
}

export function writeDraft(conversationId: string | null, draft: Draft): void {
  const isEmpty = draft.text === "" && draft.attempt === null;
  writeStored(STORAGE.draft(conversationId), isEmpty ? null : JSON.stringify(draft));
}

/**
 * The draft with the id that its text is sent under.
 *
 * An unchanged text keeps its id, even after a reload: the server then knows that it is the same prompt.
 */
export function attemptOf(draft: Draft, parentId: string | null): Draft & { attempt: Attempt } {
  const { text, attempt } = draft;
  return {
    ...draft,
    attempt: attempt?.text === text ? attempt : { clientMessageId: uuid(), text, parentId },
  };
}
