import { useMemo } from "react";
import { useChatCourse } from "@/app/use-chat-course";
import { useNaming } from "@/app/use-naming";
import { useQueue } from "@/app/use-queue";
import { useSender } from "@/app/use-sender";
import { useLimits, useRenewedSession } from "@/features/accounts/api/get-session";
import { useConversation } from "@/features/chat/api/get-conversation";
import { useSwitchBranch } from "@/features/chat/api/switch-branch";
import type { MessageActions } from "@/features/chat/components/message-list";
import { type AnswerStreamHandle, useAnswerStream } from "@/features/chat/hooks/use-answer-stream";
import { useDraft } from "@/features/chat/hooks/use-draft";
import { useChosenModel } from "@/features/chat/hooks/use-model-choice";
import { useVisibleMessages } from "@/features/chat/hooks/use-visible-messages";
import type { AnswerStream } from "@/features/chat/state/answer-stream";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import type { ModelChoice } from "@/features/chat/types";
import { useAttachments } from "@/features/documents/hooks/use-attachments";
import { ConnectionLost, isRepeatable } from "@/lib/errors";

/** All that the chat page needs, and the few things that one can do on it. */
export function useChat(conversationId: string | null) {
  const name = useNaming(conversationId);
  const limits = useLimits();
  const renewSession = useRenewedSession();
  const chosen = useChosenModel();
  const draft = useDraft(conversationId);
  const attachments = useAttachments(conversationId, limits);
  const conversation = useConversation(conversationId);
  const live = useAnswerStream({
    conversationId,
    runningId: conversation.data && (conversation.data.generation?.id ?? null),
    onStarted: (id, clientMessageId) => {
      renewSession();
      // The files went with this text; those of the next question stay, also when an older one is retried.
      if (clientMessageId && draft.confirm(clientMessageId)) attachments.confirm(sentIds(stream), id);
      name(id);
    },
  });
  const { stream } = live;
  const { actions, isSwitchFailed, forgetSwitch } = useMessageActions(stream, conversationId, chosen.choice);
  const messages = useVisibleMessages(conversation.data?.messages, live);
  const course = useChatCourse(conversationId, conversation.data?.course_id ?? null);
  const common = { conversationId, attachments, draft, live };
  const queue = useQueue({ ...common, knownId: conversation.data?.id, name });
  const sender = useSender({ ...common, messages, ...queue, ...chosen, ...course });
  return {
    ...live,
    limits,
    ...chosen,
    draft,
    attachments,
    conversation,
    messages,
    actions,
    isSwitchFailed,
    course,
    queued: queue.queued,
    giveUp: queue.giveUp,
    ...sender,
    repeatFailed: repeatOf(live),
    /** What went wrong is not news any more: something else is being done. */
    forgetFailure: () => {
      stream.forgetFailure();
      forgetSwitch();
    },
  };
}

/** The files of the prompt that has just been confirmed. */
function sentIds(stream: AnswerStream): string[] {
  return stream.snapshot().question?.files.map(({ document_id }) => document_id) ?? [];
}

/** The same object from token to token, so that the list is not drawn again for it. */
function useMessageActions(stream: AnswerStream, conversationId: string | null, choice: ModelChoice | null) {
  const { mutate: switchBranch, reset, isError, variables } = useSwitchBranch();
  const actions = useMemo((): MessageActions => {
    const ask = ({ client_message_id: clientMessageId }: VisibleMessage, text: string) => {
      if (!clientMessageId) return;
      const prompt = {
        text,
        clientMessageId,
        conversationId,
        choice,
        parentId: null,
        files: [],
        courseId: null,
      };
      void stream.send({ trigger: "submit", ...prompt });
    };
    return {
      retry: (question) => ask(question, question.text),
      edit: ask,
      again: ({ id }) => {
        if (conversationId) void stream.send({ trigger: "regenerate", answerId: id, conversationId, choice });
      },
      goOn: ({ id }, choice) => {
        if (conversationId) void stream.send({ trigger: "continue", answerId: id, conversationId, choice });
      },
      switchTo: (messageId) => {
        if (conversationId) switchBranch({ conversationId, messageId });
      },
      resume: () => stream.resume(),
    };
  }, [stream, conversationId, choice, switchBranch]);
  // Said of the conversation where it happened.
  const isSwitchFailed = isError && variables?.conversationId === conversationId;
  return { actions, isSwitchFailed, forgetSwitch: reset };
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
