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
/** A conversation in which the words that were looked for stand; marks count code points, `[from, to]`. */
export type FoundConversation = Schemas["ConversationHit"];
/** A link by which others can read a conversation. */
export type Share = Schemas["ShareOut"];
export type SharedConversation = Schemas["ShareOfConversation"];
/** A conversation as its link shows it, page by page. */
export type SharedPage = Schemas["SharedConversation"];
export type SharedMessage = Schemas["SharedMessage"];
/** What an answer rests on, as those see it who cannot open the file. */
export type SharedSource = Schemas["SharedSource"];
export type Message = Schemas["MessageOut"];
/** How an answer came about, in milliseconds since its question was stored. */
export type Receipt = Schemas["Receipt"];
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
