import { useEffect } from "react";
import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { useAccount } from "@/features/accounts/api/get-session";
import type { AnswerStreamHandle } from "@/features/chat/hooks/use-answer-stream";
import type { DraftHandle } from "@/features/chat/hooks/use-draft";
import { useOutbox } from "@/features/chat/hooks/use-outbox";
import { readDraft } from "@/features/chat/state/drafts";
import { isOwnName, newConversationName, putInOutbox, type QueuedMessage } from "@/features/chat/state/outbox";
import type { NewMessage } from "@/features/chat/types";
import type { Attachments } from "@/features/documents/hooks/use-attachments";
import { ConnectionLost } from "@/lib/errors";

interface Queueing {
  conversationId: string | null;
  /** What the gateway calls this conversation, once it knows it. */
  knownId: string | undefined;
  draft: DraftHandle;
  attachments: Attachments;
  live: AnswerStreamHandle;
}

interface Queue {
  /** What waits in this conversation. */
  queued: QueuedMessage[];
  /** Have a message of the composer wait; false when this browser stores nothing more. */
  queue: (message: NewMessage) => boolean;
}

/** What the composer sent and the line did not carry waits for it, instead of going back into the composer. */
export function useQueue({ conversationId, knownId, draft, attachments, live }: Queueing): Queue {
  const [, navigate] = useLocation();
  const accountId = useAccount()?.id ?? null;
  const queued = useOutbox(accountId).filter((message) => message.conversationId === conversationId);
  const queue = (message: NewMessage) => {
    const id = message.conversationId ?? newConversationName();
    const state = { accountId, queuedAt: Date.now(), refusal: null, isHeld: false };
    if (!putInOutbox({ ...message, conversationId: id, ...state })) return false;
    draft.confirm(message.clientMessageId);
    attachments.confirm(
      message.files.map(({ document_id }) => document_id),
      id,
    );
    if (id !== conversationId) navigate(ROUTES.conversation(id), { replace: true });
    return true;
  };
  useEffect(() => {
    const isNamed = conversationId !== null && isOwnName(conversationId) && knownId !== undefined;
    if (isNamed) navigate(ROUTES.conversation(knownId), { replace: true });
  }, [conversationId, knownId, navigate]);
  const { stream, failure } = live;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure is looked at once
  useEffect(() => {
    const message = failure?.error instanceof ConnectionLost ? failure.message : null;
    if (message?.trigger !== "submit") return;
    // Another version of a question that stands in the conversation has its retry there.
    const isComposers = readDraft(conversationId).attempt?.clientMessageId === message.clientMessageId;
    if (isComposers && queue(message)) stream.forgetFailure();
  }, [failure]);
  return { queued, queue };
}
