/** The gateway's shapes by the names that the interface uses; api.ts is made from its OpenAPI document. */
import type { components } from "@/types/api";

type Schemas = components["schemas"];

export type Limits = Schemas["Limits"];
export type Session = Schemas["SessionOut"];
export type Models = Schemas["ModelsOut"];
export type Provider = Schemas["ProviderOut"];
export type ConversationSummary = Schemas["ConversationOut"] & InCourse;
export interface ConversationList {
  items: ConversationSummary[];
  next_cursor: string | null;
}
export type Conversation = Omit<Schemas["ConversationDetail"], "documents" | "messages"> &
  InCourse & { documents: StudyDocument[]; messages: Message[] };
/** A file as the student sees it: how far it is read, and what was not. */
export type StudyDocument = Schemas["DocumentOut"];
/** A subject that groups files and conversations. */
export type Course = Schemas["CourseOut"];
export type Message = Omit<Schemas["MessageOut"], "parts"> & { parts: MessagePart[] };
export type Feedback = Schemas["FeedbackOut"];
export type FeedbackReason = NonNullable<Feedback["reason"]>;
export type Siblings = Schemas["Siblings"];
export type MessagePart = Exclude<Schemas["MessageOut"]["parts"][number], Schemas["SourcePart"]> | SourcePart;
export type FilePart = Schemas["FilePart"];
export type NoticePart = Schemas["NoticePart"];

interface InCourse {
  course_id: string | null;
}

/** A claim of an answer and the passage that bears it; positions count the code points of the page's text. */
export interface SourcePart {
  type: "source";
  n: number;
  /** null: there is no passage of this number. */
  document_id: string | null;
  filename: string;
  page: number;
  label: string;
  quote: string;
  start: number;
  end: number;
  claim: string;
  /** Whether the page bears the claim. */
  verified: boolean;
  /** false: the answer marks no passage, and this is one of those that it was given. */
  cited: boolean;
}

/** RFC 9457 problem document, with what Lamla adds to it. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id?: string;
  errors?: { msg?: string }[] | null;
  conversation_id?: string;
  user_message_id?: string;
}
