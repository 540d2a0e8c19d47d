import type { LiveAnswer, Question } from "@/features/chat/types";
import type { Message, MessagePart } from "@/types/wire";

/** A message as the list shows it; `live` marks the one that is being written. */
export interface VisibleMessage extends Message {
  live: LiveAnswer | null;
  fileNames: string[];
}

/**
 * Join the stored messages with the answer that is being written.
 *
 * The stored copy wins once it is there, under the same id, so nothing is shown twice and nothing jumps.
 */
export function visibleMessages(
  stored: Message[],
  answer: LiveAnswer | null,
  question: Question | null,
): VisibleMessage[] {
  const shown = stored.map((message) => ({ ...message, live: null, fileNames: [] }));
  if (!answer) return shown;
  if (stored.some(({ id }) => id === answer.messageId)) return shown;
  const asked = shown.findIndex(
    (message) =>
      message.id === answer.userMessageId ||
      (question !== null && message.client_message_id === question.clientMessageId),
  );
  if (asked >= 0) return [...shown.slice(0, asked + 1), liveMessage(answer)];
  return question
    ? [...shown, questionMessage(answer, question), liveMessage(answer)]
    : [...shown, liveMessage(answer)];
}

function questionMessage(answer: LiveAnswer, question: Question): VisibleMessage {
  const files: MessagePart[] = answer.documents.map(({ id, filename, media_type }) => ({
    type: "file",
    document_id: id,
    filename,
    media_type,
  }));
  return {
    ...base(answer.userMessageId ?? question.clientMessageId, question.text),
    role: "user",
    parts: [{ type: "text", text: question.text }, ...files],
    client_message_id: question.clientMessageId,
    fileNames: files.length > 0 ? [] : question.fileNames,
  };
}

function liveMessage(answer: LiveAnswer): VisibleMessage {
  const reasoning: MessagePart[] = answer.reasoning ? [{ type: "reasoning", text: answer.reasoning }] : [];
  return {
    ...base(answer.messageId ?? "live", answer.text),
    parent_id: answer.userMessageId,
    role: "assistant",
    parts: [...reasoning, { type: "text", text: answer.text }, ...answer.sources, ...answer.notices],
    state: answer.phase === "stopped" || answer.phase === "failed" ? answer.phase : "complete",
    provider: answer.provider ?? "",
    model: answer.model ?? "",
    finish_reason: answer.finishReason ?? "",
    error: answer.problem,
    live: answer,
  };
}

function base(id: string, text: string): VisibleMessage {
  return {
    id,
    parent_id: null,
    role: "user",
    parts: [],
    text,
    state: "complete",
    provider: "",
    model: "",
    usage: null,
    finish_reason: "",
    error: null,
    client_message_id: null,
    created_at: "",
    live: null,
    fileNames: [],
  };
}
