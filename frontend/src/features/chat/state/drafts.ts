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
  return parseDraft(readStored(STORAGE.draft(conversationId)));
}

function parseDraft(stored: string | null): Draft {
  if (!stored) return EMPTY;
  try {
    const { text, attempt } = JSON.parse(stored) as Partial<Draft>;
    return { text: typeof text === "string" ? text : "", attempt: attempt ?? null };
  } catch {
    return EMPTY;
  }
}

/** False when the browser does not keep it: it then lasts as long as the page. */
export function writeDraft(conversationId: string | null, draft: Draft): boolean {
  const isEmpty = draft.text === "" && draft.attempt === null;
  return writeStored(STORAGE.draft(conversationId), isEmpty ? null : JSON.stringify(draft));
}

/** What is being written in a conversation goes on in another one, with its files, after what stands there. */
export function moveDraft(from: string, to: string | null): void {
  const moved = readDraft(from);
  const there = readDraft(to);
  if (there.text === "") writeDraft(to, moved);
  else if (moved.text !== "") writeDraft(to, { ...there, text: `${there.text}\n\n${moved.text}` });
  const files = readStored(STORAGE.draftFiles(from));
  if (files !== null) writeStored(STORAGE.draftFiles(to), files);
  forgetDraft(from);
}

/** Forget what was written in a conversation that is no more. */
export function forgetDraft(conversationId: string): void {
  writeDraft(conversationId, EMPTY);
  writeStored(STORAGE.draftFiles(conversationId), null);
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
