import { moveDraft } from "@/features/chat/state/drafts";
import { putInOutbox, readOutbox } from "@/features/chat/state/outbox";
import { uuid } from "@/lib/uuid";

const NEW = "new-";

/** A name for a conversation that nobody but this browser knows yet; the gateway takes it for the real one, too. */
export function newConversationName(): string {
  return `${NEW}${uuid()}`;
}

export function isOwnName(conversationId: string): boolean {
  return conversationId.startsWith(NEW);
}

/** The gateway has given the conversation its id: what waits in it, and what is being written, goes there. */
export function adoptName(name: string, conversationId: string): void {
  for (const message of readOutbox()) {
    if (message.conversationId === name) putInOutbox({ ...message, conversationId });
  }
  moveDraft(name, conversationId);
}
