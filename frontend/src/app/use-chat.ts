import { useCallback, useEffect } from "react";
import { useLocation } from "wouter";
import { ROUTES } from "@/config/paths";
import { useLimits } from "@/features/accounts/api/get-session";
import { useConversation } from "@/features/chat/api/get-conversation";
import { type AnswerStreamHandle, useAnswerStream } from "@/features/chat/hooks/use-answer-stream";
import { useDraft } from "@/features/chat/hooks/use-draft";
import { useChosenModel } from "@/features/chat/hooks/use-model-choice";
import { type VisibleMessage, visibleMessages } from "@/features/chat/state/visible-messages";
import { useAttachments } from "@/features/documents/hooks/use-attachments";
import { ConnectionLost, isRepeatable } from "@/lib/errors";

/** All that the chat page needs, and the few things that one can do on it. */
export function useChat(conversationId: string | null) {
  const [, navigate] = useLocation();
  const limits = useLimits();
  const chosen = useChosenModel();
  const { choice } = chosen;
  const draft = useDraft(conversationId);
  const attachments = useAttachments(limits);
  const conversation = useConversation(conversationId);
  const live = useAnswerStream({
    conversationId,
    runningId: conversation.data?.generation?.id ?? null,
    onStarted: (id, clientMessageId) => {
      // The files went with this text; those of the next question stay, also when an older one is retried.
      if (clientMessageId && draft.confirm(clientMessageId)) attachments.clear();
      if (id !== conversationId) navigate(ROUTES.conversation(id), { replace: true });
    },
  });
  const { stream, isBusy } = live;

  const retry = useCallback(
    (question: VisibleMessage) => {
      const { text, client_message_id } = question;
      if (!client_message_id) return;
      void stream.send({ text, clientMessageId: client_message_id, conversationId, choice, files: [] });
    },
    [stream, conversationId, choice],
  );
  const send = () => {
    const files = attachments.items.map(({ file }) => file);
    const clientMessageId = draft.beginAttempt();
    void stream.send({ text: draft.text.trim(), clientMessageId, conversationId, choice, files });
  };
  useStopKey(isBusy, () => void stream.stop());
  return {
    ...live,
    limits,
    ...chosen,
    draft,
    attachments,
    conversation,
    messages: visibleMessages(conversation.data?.messages ?? [], live.answer, live.question),
    send,
    retry,
    repeatFailed: repeatOf(live),
  };
}

export type Chat = ReturnType<typeof useChat>;

/** What to do again after a failure: send the prompt, or follow the answer; null where that cannot help. */
function repeatOf({ stream, failure, answer }: AnswerStreamHandle): (() => void) | null {
  if (!failure || !isRepeatable(failure.error)) return null;
  const { message, error } = failure;
  if (message) return () => void stream.send(message);
  const conversationId = answer?.conversationId;
  const isLineLost = error instanceof ConnectionLost && conversationId;
  return isLineLost ? () => void stream.follow(conversationId) : null;
}

/** Esc stops the answer, wherever the focus is; what an open menu or dialog takes for itself is not ours. */
function useStopKey(isBusy: boolean, stop: () => void): void {
  useEffect(() => {
    if (!isBusy) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const isInDialog = event.target instanceof Element && event.target.closest("dialog") !== null;
      if (event.key === "Escape" && !event.defaultPrevented && !isInDialog) stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
