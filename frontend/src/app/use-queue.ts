import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { useAccount } from "@/features/accounts/api/get-session";
import { KEYS } from "@/features/chat/api/query-keys";
import type { AnswerStreamHandle } from "@/features/chat/hooks/use-answer-stream";
import type { DraftHandle } from "@/features/chat/hooks/use-draft";
import { useOutbox } from "@/features/chat/hooks/use-outbox";
import { moveDraft, readDraft } from "@/features/chat/state/drafts";
import { putInOutbox, type QueuedMessage } from "@/features/chat/state/outbox";
import { isOwnName, newConversationName } from "@/features/chat/state/own-name";
import type { NewMessage } from "@/features/chat/types";
import type { Attachments } from "@/features/documents/hooks/use-attachments";
import { ConnectionLost } from "@/lib/errors";

interface Queueing {
  conversationId: string | null;
  /** What the gateway calls this conversation, once it knows it. */
  knownId: string | undefined;
  /** Goes on under that. */
  name: (id: string) => void;
  draft: DraftHandle;
  attachments: Attachments;
  live: AnswerStreamHandle;
}

interface Queue {
  /** What waits in this conversation. */
  queued: QueuedMessage[];
  /** Have a message of the composer wait; false when this browser stores nothing more. */
  queue: (message: NewMessage) => boolean;
  /** A conversation that was to begin with what waited is none: what is being written is a new chat's. */
  giveUp: () => void;
}

/** Another tab may have sent what began this conversation: the gateway then knows it, and what it is called there. */
function useSentElsewhere(conversationId: string | null, isWaiting: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!conversationId || !isOwnName(conversationId) || isWaiting) return;
    void client.refetchQueries({ queryKey: KEYS.conversation(conversationId) });
  }, [client, conversationId, isWaiting]);
}

/** What the composer sent and the line did not carry waits for it, instead of going back into the composer. */
export function useQueue({ conversationId, knownId, name, draft, attachments, live }: Queueing): Queue {
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
    if (conversationId !== null && isOwnName(conversationId) && knownId !== undefined) name(knownId);
  }, [conversationId, knownId, name]);
  useSentElsewhere(conversationId, queued.length > 0);
  const { stream, failure } = live;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failure is looked at once
  useEffect(() => {
    const message = failure?.error instanceof ConnectionLost ? failure.message : null;
    if (message?.trigger !== "submit") return;
    // Another version of a question that stands in the conversation has its retry there.
    const isComposers = readDraft(conversationId).attempt?.clientMessageId === message.clientMessageId;
    if (isComposers && queue(message)) stream.forgetFailure();
  }, [failure]);
  const giveUp = () => {
    if (conversationId === null) return;
    attachments.confirm([], null);
    moveDraft(conversationId, null);
    navigate(ROUTES.home);
  };
  return { queued, queue, giveUp };
}
