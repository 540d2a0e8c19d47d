import { useEffect, useState } from "react";
import type { AnswerStreamHandle } from "@/features/chat/hooks/use-answer-stream";
import type { DraftHandle } from "@/features/chat/hooks/use-draft";
import type { QueuedMessage } from "@/features/chat/state/outbox";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import type { ModelChoice, NewMessage } from "@/features/chat/types";
import type { Attachments } from "@/features/documents/hooks/use-attachments";
import type { AttachedFile } from "@/features/documents/types";
import { useCommand } from "@/hooks/use-command";
import type { FilePart } from "@/types/wire";

interface Sending {
  conversationId: string | null;
  courseId: string | null;
  choice: ModelChoice | null;
  draft: DraftHandle;
  attachments: Attachments;
  messages: VisibleMessage[];
  live: AnswerStreamHandle;
  queued: QueuedMessage[];
  queue: (message: NewMessage) => boolean;
}

/** Send what stands in the composer, and stop it: the button's way, and the key's. */
export function useSender(sending: Sending) {
  const { conversationId, courseId, choice, draft, attachments, messages, live, queued, queue } = sending;
  const { stream, isBusy } = live;
  const sendNow = () => {
    const files = attachments.toSend().map(filePartOf);
    const { clientMessageId, parentId } = draft.beginAttempt(answerToFollow(messages));
    const text = draft.text.trim();
    const where = { conversationId, courseId, parentId };
    const message: NewMessage = { trigger: "submit", text, clientMessageId, choice, files, ...where };
    // What was sent before goes first, and this after its answer.
    const isNext = queued.some(({ refusal }) => refusal === null);
    if (!isNext || !queue({ ...message, parentId: null })) void stream.send(message);
  };
  const { isWaiting, send, cancel } = useSendOnceUploaded(conversationId, attachments, sendNow);
  const stop = () => (isWaiting ? cancel() : void stream.stop());
  useCommand("stop", isBusy || isWaiting ? stop : null);
  /** While it waits, the question is held back by files that have not left yet. */
  return { isWaiting, send, stop };
}

function filePartOf({ id, filename, mediaType }: AttachedFile): FilePart {
  return { type: "file", document_id: id, filename, media_type: mediaType };
}

/** The last stored answer, when it is the last message: another tab may have turned the conversation to another branch. */
function answerToFollow(messages: VisibleMessage[]): string | null {
  const last = messages.at(-1);
  return last?.role === "assistant" && !last.live ? last.id : null;
}

interface WaitingSender {
  isWaiting: boolean;
  /** Sends the question, once all of its files have left. */
  send: () => void;
  cancel: () => void;
}

/** A question may be sent before its files have left: it waits for them, and stays when one does not arrive. */
function useSendOnceUploaded(
  conversationId: string | null,
  { uploads }: Attachments,
  sendNow: () => void,
): WaitingSender {
  const [waiting, setWaiting] = useState<{ of: string | null } | null>(null);
  const isUploading = uploads.some(({ error }) => error === null);
  const isRefused = uploads.some(({ error }) => error !== null);
  const isWaiting = waiting !== null && waiting.of === conversationId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is sent once, when the last file has left
  useEffect(() => {
    if (waiting === null || (isWaiting && isUploading && !isRefused)) return;
    setWaiting(null);
    if (isWaiting && !isRefused) sendNow();
  }, [waiting, isWaiting, isUploading, isRefused]);
  return {
    isWaiting,
    send: () => (isUploading ? setWaiting({ of: conversationId }) : sendNow()),
    cancel: () => setWaiting(null),
  };
}
