import type { ChatEvent } from "@/features/chat/types";
import type { Message, Problem, Receipt, StudyDocument } from "@/types/wire";

type Json = Record<string, unknown>;

/** The sign that the server has said everything. */
export const DONE = "[DONE]";

/**
 * Read one frame's JSON into an event.
 *
 * Null for frames that this page does not use, and for broken ones: a newer gateway may send more than we know.
 */
export function parseChatEvent(data: string): ChatEvent | null {
  const frame = parseObject(data);
  if (!frame || typeof frame.type !== "string") return null;
  // Own properties only: a frame may not name what every object inherits.
  return Object.hasOwn(EVENTS, frame.type) ? (EVENTS[frame.type]?.(frame) ?? null) : null;
}

const EVENTS: Record<string, (frame: Json) => ChatEvent | null> = {
  start: (frame) => {
    const metadata = object(frame.messageMetadata);
    const conversationId = text(metadata.conversation_id);
    if (!conversationId) return null;
    return {
      type: "start",
      messageId: text(frame.messageId),
      conversationId,
      userMessageId: text(metadata.user_message_id),
      generationId: text(metadata.generation_id),
      documents: Array.isArray(metadata.documents) ? (metadata.documents as StudyDocument[]) : [],
    };
  },
  "message-metadata": (frame) => {
    const metadata = object(frame.messageMetadata);
    return { type: "message-metadata", provider: text(metadata.provider), model: text(metadata.model) };
  },
  "text-start": () => ({ type: "text-start" }),
  "text-delta": (frame) => ({ type: "text-delta", delta: text(frame.delta) ?? "" }),
  "reasoning-delta": (frame) => ({ type: "reasoning-delta", delta: text(frame.delta) ?? "" }),
  "source-document": (frame) => ({
    type: "source-document",
    sourceId: text(frame.sourceId) ?? "",
    filename: text(frame.filename) ?? text(frame.title) ?? "",
  }),
  "data-citation": (frame) => citation(object(frame.data)),
  "data-notice": (frame) => {
    const data = object(frame.data);
    return { type: "data-notice", code: text(data.code) ?? "", message: text(data.message) ?? "" };
  },
  "data-problem": (frame) => ({
    type: "data-problem",
    problem: { title: "", status: 0, detail: "", code: "", ...object(frame.data) } as Problem,
  }),
  error: (frame) => ({ type: "error", errorText: text(frame.errorText) ?? "" }),
  abort: () => ({ type: "abort" }),
  finish: (frame) => {
    const metadata = object(frame.messageMetadata);
    return {
      type: "finish",
      finishReason: text(frame.finishReason),
      state: text(metadata.state) as Message["state"] | null,
      title: text(metadata.title),
      receipt: metadata.receipt ? (metadata.receipt as Receipt) : null,
    };
  },
};

function citation(data: Json): ChatEvent | null {
  if (typeof data.n !== "number") return null;
  return {
    type: "data-citation",
    sourceId: text(data.source_id) ?? "",
    source: {
      type: "source",
      n: data.n,
      document_id: text(data.document_id),
      filename: text(data.filename) ?? "",
      page: number(data.page),
      label: text(data.label) ?? "",
      quote: text(data.quote) ?? "",
      start: number(data.start),
      end: number(data.end),
      claim: text(data.claim) ?? "",
      verified: data.verified !== false,
      cited: data.cited !== false,
    },
  };
}

function parseObject(data: string): Json | null {
  try {
    return object(JSON.parse(data));
  } catch {
    return null;
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
