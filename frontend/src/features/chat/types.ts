import type {
  FilePart,
  Message,
  NoticePart,
  Problem,
  Receipt,
  SourcePart,
  StudyDocument,
} from "@/types/wire";

/** What a frame of the stream can say; made by parse-event.ts, trusted everywhere else. */
export type ChatEvent =
  | {
      type: "start";
      messageId: string | null;
      conversationId: string;
      userMessageId: string | null;
      generationId: string | null;
      documents: StudyDocument[];
    }
  | { type: "message-metadata"; provider: string | null; model: string | null }
  | { type: "text-start" }
  | { type: "text-delta"; delta: string }
  | { type: "reasoning-delta"; delta: string }
  | { type: "source-document"; sourceId: string; filename: string }
  | { type: "data-citation"; sourceId: string; source: SourcePart }
  | { type: "data-notice"; code: string; message: string }
  | { type: "data-problem"; problem: Problem }
  | { type: "error"; errorText: string }
  | { type: "abort" }
  | {
      type: "finish";
      finishReason: string | null;
      state: Message["state"] | null;
      title: string | null;
      receipt: Receipt | null;
    };

/** What happens to the connection itself: broken, open again, ended as one of too many. */
export type LineEvent = { type: "line-cut" } | { type: "line-open" } | { type: "line-parked" };

/** `parked` is one that is read in too many places: it goes on being written, and here when it is looked at. */
export type AnswerPhase =
  | "waiting"
  | "writing"
  | "reconnecting"
  | "parked"
  | "complete"
  | "stopped"
  | "failed";

/** The answer that is being written now. */
export interface LiveAnswer {
  phase: AnswerPhase;
  messageId: string | null;
  conversationId: string | null;
  userMessageId: string | null;
  generationId: string | null;
  provider: string | null;
  model: string | null;
  text: string;
  reasoning: string;
  sources: SourcePart[];
  /** Names of source documents by their id in the stream. */
  filenames: Record<string, string>;
  documents: StudyDocument[];
  notices: NoticePart[];
  problem: { code: string; detail: string } | null;
  finishReason: string | null;
  title: string | null;
  receipt: Receipt | null;
}

/** A prompt as the user sent it; the same id with the same text is the same prompt. */
export interface Question {
  clientMessageId: string;
  text: string;
  files: FilePart[];
}

/** A text to answer; with the client id of an earlier one and other words it is another version of that. */
export interface NewMessage {
  trigger: "submit";
  text: string;
  clientMessageId: string;
  conversationId: string | null;
  /** The answer that it follows; null for the last one of the branch that the server shows. */
  parentId: string | null;
  choice: ModelChoice | null;
  /** Stored files that it is about; they may still be read. */
  files: FilePart[];
  /** Of a new conversation: the course that it asks within. */
  courseId: string | null;
}

/** Another answer to the same question, beside the one that is there; `continue` goes on from that one's text. */
export interface AnswerAgain {
  trigger: "regenerate" | "continue";
  /** The answer that is there. */
  answerId: string;
  conversationId: string;
  choice: ModelChoice | null;
}

export type Prompt = NewMessage | AnswerAgain;

/** Which provider is to answer; without a model it takes its own. */
export interface ModelChoice {
  provider: string;
  model?: string;
}
