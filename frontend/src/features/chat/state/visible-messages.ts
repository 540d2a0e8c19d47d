import type { LiveAnswer, Question } from "@/features/chat/types";
import type { Message, MessagePart } from "@/types/wire";

/** A message as the list shows it; `live` marks the one that is being written. */
export interface VisibleMessage extends Message {
  live: LiveAnswer | null;
}

/**
 * Join the stored messages with the answer that is being written.
 *
 * The stored copy wins once it is there, under the same id, so nothing is shown twice and nothing jumps. What stood
 * after the question, or after an earlier version of it, belongs to another branch.
 */
export function visibleMessages(
  stored: Message[],
  answer: LiveAnswer | null,
  question: Question | null,
): VisibleMessage[] {
  const shown = stored.map(storedMessage);
  if (!answer) return shown;
  if (stored.some(({ id }) => id === answer.messageId)) return shown;
  const asked = shown.findIndex(({ id }) => id === answer.userMessageId);
  if (asked >= 0) return [...shown.slice(0, asked + 1), liveMessage(answer)];
  // What is followed says what it answers with its first frame; until then it is taken for the last message.
  const last = shown.at(-1)?.id ?? null;
  if (!question) return [...shown, { ...liveMessage(answer), parent_id: answer.userMessageId ?? last }];
  const earlier = shown.findIndex((message) => message.client_message_id === question.clientMessageId);
  const version = shown[earlier];
  if (!version) {
    const asks = { ...questionMessage(answer, question), parent_id: last };
    return [...shown, asks, liveMessage(answer)];
  }
  const isSame = version.text === question.text;
  return [
    ...shown.slice(0, earlier),
    isSame ? version : editedMessage(version, questionMessage(answer, question)),
    liveMessage(answer),
  ];
}

/** The same object for the same message, so that it is not drawn again. */
const storedMessages = new WeakMap<Message, VisibleMessage>();

function storedMessage(message: Message): VisibleMessage {
  const known = storedMessages.get(message);
  if (known) return known;
  const shown = { ...message, live: null };
  storedMessages.set(message, shown);
  return shown;
}

/**
 * What a message of the list is known by: its place in the tree, where one version follows another.
 *
 * So what has the focus there keeps it when another version is shown, or the stored copy comes.
 */
export function placeOf({ parent_id }: Message): string {
  return parent_id ?? "root";
}

/** A new version of a message, before the server's copy is here; the files stay with it. */
function editedMessage(earlier: VisibleMessage, edited: VisibleMessage): VisibleMessage {
  const ids = [...earlier.siblings.ids, edited.id];
  const files = earlier.parts.filter((part) => part.type === "file");
  return {
    ...edited,
    parent_id: earlier.parent_id,
    parts: [...edited.parts, ...files],
    siblings: { ids, index: ids.length - 1 },
  };
}

function questionMessage(answer: LiveAnswer, question: Question): VisibleMessage {
  return {
    ...base(answer.userMessageId ?? question.clientMessageId, question.text),
    role: "user",
    parts: [{ type: "text", text: question.text }, ...question.files],
    client_message_id: question.clientMessageId,
  };
}

function liveMessage(answer: LiveAnswer): VisibleMessage {
  const message = base(answer.messageId ?? "live", answer.text);
  return grownMessage({ ...message, role: "assistant", parent_id: answer.userMessageId }, answer);
}

/** The message of an answer with what that says by now. */
export function grownMessage(message: VisibleMessage, answer: LiveAnswer): VisibleMessage {
  const reasoning: MessagePart[] = answer.reasoning ? [{ type: "reasoning", text: answer.reasoning }] : [];
  return {
    ...message,
    text: answer.text,
    parts: [...reasoning, { type: "text", text: answer.text }, ...answer.sources, ...answer.notices],
    state: answer.phase === "stopped" || answer.phase === "failed" ? answer.phase : "complete",
    provider: answer.provider ?? "",
    model: answer.model ?? "",
    finish_reason: answer.finishReason ?? "",
    error: answer.problem,
    receipt: answer.receipt,
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
    feedback: null,
    created_at: "",
    siblings: { ids: [id], index: 0 },
    live: null,
  };
}
