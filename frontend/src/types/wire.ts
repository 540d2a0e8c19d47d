/** Shapes of the gateway's JSON, by the names that the interface uses. */

export interface Limits {
  message_max_chars: number;
  upload_max_bytes: number;
  upload_max_files: number;
}

export interface Session {
  user: { id: string; is_guest: boolean } | null;
  is_guest: boolean;
  csrf_token: string;
  limits: Limits;
}

export interface Provider {
  name: string;
  label: string;
  models: string[];
  abilities: { stream: boolean; json_schema: boolean; images: boolean; continue: boolean };
  context_tokens: number;
  prompt_budget_tokens: number;
  weak: boolean;
  state: string;
}

export interface Models {
  default: string | null;
  providers: Provider[];
}

export interface ConversationSummary {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  pinned: boolean;
  archived: boolean;
  running: boolean;
}

export interface ConversationList {
  items: ConversationSummary[];
  next_cursor: string | null;
}

export interface StudyDocument {
  id: string;
  filename: string;
  media_type: string;
  kind: string;
  pages: number | null;
  characters: number;
  pages_empty: number[] | number | null;
  notes: string[];
  created_at: string;
}

export interface SourcePart {
  type: "source";
  n: number;
  document_id: string;
  filename: string;
  page: number | null;
  label: string | null;
  quote: string;
  verified?: boolean;
}

export interface FilePart {
  type: "file";
  document_id: string;
  filename: string;
  media_type: string;
}

export type MessagePart =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | FilePart
  | SourcePart;

export interface Message {
  id: string;
  parent_id: string | null;
  role: "user" | "assistant";
  parts: MessagePart[];
  text: string;
  state: "complete" | "stopped" | "failed";
  provider: string | null;
  model: string | null;
  usage: { input_tokens: number; output_tokens: number } | null;
  finish_reason: string | null;
  error: { code: string; detail: string } | null;
  client_message_id: string | null;
  created_at: string;
}

export interface Conversation {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  pinned: boolean;
  archived: boolean;
  messages: Message[];
  previous_cursor: string | null;
  generation: { id: string; state: string; user_message_id: string } | null;
  documents: StudyDocument[];
}

/** RFC 9457 problem document, with what Lamla adds to it. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id?: string;
  errors?: { loc: (string | number)[]; msg: string }[];
  conversation_id?: string;
  user_message_id?: string;
}
