import type { DocumentPage } from "@/features/documents/types";
import type {
  Conversation,
  Course,
  Message,
  Provider,
  Session,
  SourcePart,
  StudyDocument,
} from "@/types/wire";

const AT = "2026-01-02T10:00:00Z";
let count = 0;

export function nextId(): string {
  count += 1;
  return `00000000-0000-7000-8000-${String(count).padStart(12, "0")}`;
}

type User = NonNullable<Session["user"]>;

export function aGuest(): User {
  return { id: nextId(), is_guest: true, is_staff: false, email: null };
}

export function aUser(fields: Partial<User> = {}): User {
  return { id: nextId(), is_guest: false, is_staff: false, email: "ada@example.org", ...fields };
}

export function aMessage(fields: Partial<Message> = {}): Message {
  const text = fields.text ?? "Hello";
  const id = fields.id ?? nextId();
  return {
    id,
    parent_id: null,
    role: "user",
    parts: [{ type: "text", text }],
    text,
    state: "complete",
    provider: "",
    model: "",
    usage: null,
    finish_reason: "",
    error: null,
    client_message_id: null,
    created_at: AT,
    siblings: { ids: [id], index: 0 },
    ...fields,
  };
}

export function anAnswer(fields: Partial<Message> = {}): Message {
  return aMessage({ role: "assistant", text: "An answer.", provider: "fake", model: "fake-1", ...fields });
}

/** Each message follows the one before it, unless it says otherwise. */
export function aConversation({ messages = [], ...fields }: Partial<Conversation> = {}): Conversation {
  return {
    id: nextId(),
    title: "A conversation",
    created_at: AT,
    updated_at: AT,
    pinned: false,
    archived: false,
    running: false,
    course_id: null,
    messages: messages.map((message, index) => ({
      ...message,
      parent_id: message.parent_id ?? messages[index - 1]?.id ?? null,
    })),
    previous_cursor: null,
    generation: null,
    documents: [],
    ...fields,
  };
}

export function aDocument(fields: Partial<StudyDocument> = {}): StudyDocument {
  return {
    id: nextId(),
    filename: "slides.pdf",
    media_type: "application/pdf",
    kind: "pdf",
    size_bytes: 1_258_291,
    course_id: null,
    state: "ready",
    problem: null,
    pages: 12,
    pages_done: 12,
    report: { read: 12, ocr: 0, empty: 0, failed: 0, cut: 0 },
    characters: 24_310,
    language: "en",
    fits_whole: true,
    meaning_percent: 100,
    has_file: true,
    notes: [],
    created_at: AT,
    ...fields,
  };
}

export function aSource(fields: Partial<SourcePart> = {}): SourcePart {
  return {
    type: "source",
    n: 1,
    document_id: nextId(),
    filename: "slides.pdf",
    page: 7,
    label: "page 7",
    quote: "Water is split in the thylakoid membrane.",
    start: 4,
    end: 45,
    claim: "Water is split there.",
    verified: true,
    cited: true,
    ...fields,
  };
}

export function aPage(fields: Partial<DocumentPage> = {}): DocumentPage {
  return {
    document_id: nextId(),
    filename: "slides.pdf",
    number: 7,
    label: "page 7",
    state: "read",
    method: "text",
    text: "So: Water is split in the thylakoid membrane. The rest follows.",
    has_image: false,
    page_count: 12,
    previous: 6,
    next: 8,
    ...fields,
  };
}

export function aCourse(fields: Partial<Course> = {}): Course {
  return {
    id: nextId(),
    name: "Botany",
    exam_on: null,
    documents: 0,
    conversations: 0,
    created_at: AT,
    ...fields,
  };
}

export function aProvider(fields: Partial<Provider> = {}): Provider {
  return {
    name: "fake",
    label: "Fake",
    models: ["fake-1"],
    abilities: { stream: true, json_schema: false, images: false, continue: false },
    context_tokens: 8_000,
    prompt_budget_tokens: 6_000,
    weak: false,
    state: "ready",
    ...fields,
  };
}
