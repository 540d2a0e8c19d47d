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
export type StudyDocument = Schemas["DocumentOut"];
export type Message = Schemas["MessageOut"];
export type Feedback = Schemas["FeedbackOut"];
export type FeedbackReason = NonNullable<Feedback["reason"]>;
export type Siblings = Schemas["Siblings"];
export type MessagePart = Message["parts"][number];
export type FilePart = Schemas["FilePart"];
export type NoticePart = Schemas["NoticePart"];

/** `verified` comes with the stream alone: whether the quote stands in the file word for word. */
export type SourcePart = Schemas["SourcePart"] & { verified?: boolean };

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
