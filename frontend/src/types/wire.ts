/** The gateway's shapes by the names that the interface uses; api.ts is made from its OpenAPI document. */
import type { components } from "@/types/api";

type Schemas = components["schemas"];

export type Limits = Schemas["Limits"];
export type Session = Schemas["SessionOut"];
export type Models = Schemas["ModelsOut"];
export type Provider = Schemas["ProviderOut"];
export type ConversationSummary = Schemas["ConversationOut"];
export type ConversationList = Schemas["ConversationPage"];
export type Conversation = Schemas["ConversationDetail"];
/** A file as the student sees it: how far it is read, and what was not. */
export type StudyDocument = Schemas["DocumentOut"];
/** A subject that groups files and conversations. */
export type Course = Schemas["CourseOut"];
export type Message = Schemas["MessageOut"];
export type Feedback = Schemas["FeedbackOut"];
export type FeedbackReason = NonNullable<Feedback["reason"]>;
export type Siblings = Schemas["Siblings"];
export type MessagePart = Message["parts"][number];
export type FilePart = Schemas["FilePart"];
export type NoticePart = Schemas["NoticePart"];
/** A claim of an answer and the passage that bears it; positions count the code points of the page's text. */
export type SourcePart = Schemas["SourcePart"];

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
