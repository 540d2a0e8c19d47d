/** What the live feed tells: which of the visitor's conversations are being answered, in whatever tab or device. */
import { assertNever } from "@/lib/assert-never";
import type { StudyDocument } from "@/types/wire";

/** An answer that is being written somewhere. */
export interface Answering {
  conversationId: string;
  generationId: string;
  userMessageId: string;
}

export type LiveEvent =
  | { type: "answering"; conversations: Answering[] }
  | ({ type: "started"; title: string } & Answering)
  | { type: "finished"; conversationId: string; generationId: string; title: string }
  | { type: "titled"; conversationId: string; title: string }
  /** A file as it is now: how far it is read, and whatever else has changed in it. */
  | { type: "document"; document: StudyDocument }
  /** The connection is gone; nobody knows what happens meanwhile. */
  | { type: "lost" };

export interface LiveState {
  line: "new" | "open" | "lost";
  /** By conversation. */
  answering: Readonly<Record<string, Answering>>;
  /** The generation that ended last in each conversation, as far as was told here. */
  ended: Readonly<Record<string, string>>;
}

export const NOTHING_LIVE: LiveState = { line: "new", answering: {}, ended: {} };

export function liveReducer(state: LiveState, event: LiveEvent): LiveState {
  switch (event.type) {
    case "answering": {
      const answering = Object.fromEntries(event.conversations.map((each) => [each.conversationId, each]));
      const ended = Object.values(state.answering).filter(
        ({ conversationId, generationId }) => answering[conversationId]?.generationId !== generationId,
      );
      return { line: "open", answering, ended: withEnded(state, ended) };
    }
    case "started": {
      const { type: _, title: __, ...answer } = event;
      return { ...state, answering: { ...state.answering, [event.conversationId]: answer } };
    }
    case "finished": {
      const { [event.conversationId]: running, ...others } = state.answering;
      const isOther = running && running.generationId !== event.generationId;
      return { ...state, answering: isOther ? state.answering : others, ended: withEnded(state, [event]) };
    }
    case "titled":
    case "document":
      return state;
    case "lost":
      return { ...state, line: "lost" };
    default:
      return assertNever(event);
  }
}

function withEnded(
  { ended }: LiveState,
  fresh: { conversationId: string; generationId: string }[],
): LiveState["ended"] {
  return {
    ...ended,
    ...Object.fromEntries(fresh.map(({ conversationId, generationId }) => [conversationId, generationId])),
  };
}

/** Whether a conversation is being answered; `stored` is what the list said of it, for while the feed is silent. */
export function isAnswering(
  { line, answering }: LiveState,
  conversationId: string,
  stored: boolean,
): boolean {
  return line === "open" ? Object.hasOwn(answering, conversationId) : stored;
}

type Json = Record<string, unknown>;

/** Read a frame's JSON; null for what this page does not know, or what is broken. */
export function parseLiveEvent(data: string): LiveEvent | null {
  const frame = parseObject(data);
  const conversationId = text(frame.conversation_id);
  const generationId = text(frame.generation_id);
  const title = text(frame.title);
  switch (frame.type) {
    case "answering":
      return Array.isArray(frame.conversations)
        ? { type: "answering", conversations: frame.conversations.map(object).flatMap(answeringOf) }
        : null;
    case "started": {
      const [answer] = answeringOf(frame);
      return answer ? { type: "started", title, ...answer } : null;
    }
    case "finished":
      return conversationId && generationId
        ? { type: "finished", conversationId, generationId, title }
        : null;
    case "titled":
      return conversationId && title ? { type: "titled", conversationId, title } : null;
    case "data-document": {
      const document = object(frame.data);
      return text(document.id) ? { type: "document", document: document as unknown as StudyDocument } : null;
    }
    default:
      return null;
  }
}

function answeringOf(frame: Json): Answering[] {
  const conversationId = text(frame.conversation_id);
  const generationId = text(frame.generation_id);
  if (!conversationId || !generationId) return [];
  return [{ conversationId, generationId, userMessageId: text(frame.user_message_id) }];
}

function parseObject(data: string): Json {
  try {
    return object(JSON.parse(data));
  } catch {
    return {};
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
