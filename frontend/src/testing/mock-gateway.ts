import { HttpResponse, http, type JsonBodyType } from "msw";
import { DEFAULT_LIMITS } from "@/config/limits";
import { aConversation, aMessage, anAnswer, aProvider, nextId } from "@/testing/builders";
import { server } from "@/testing/mock-server";
import type { Conversation, Message, Models, Problem, StudyDocument } from "@/types/wire";

interface PromptBody {
  message: string;
  client_message_id: string;
  conversation_id?: string;
  provider?: string;
  model?: string;
}

/** An answer whose frames the test sends one by one; each reader gets all of them from the start. */
export class ScriptedAnswer {
  readonly messageId = nextId();
  readonly generationId = nextId();
  #frames: string[] = [];
  #readers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  #isOver = false;

  constructor(
    readonly conversation: Conversation,
    readonly question: Message,
    documents: StudyDocument[],
  ) {
    conversation.generation = { id: this.generationId, state: "running", user_message_id: question.id };
    const ids = {
      conversation_id: conversation.id,
      user_message_id: question.id,
      generation_id: this.generationId,
    };
    const withDocuments = documents.length > 0 ? { ...ids, documents } : ids;
    this.frame({ type: "start", messageId: this.messageId, messageMetadata: withDocuments });
    this.frame({ type: "start-step" });
  }

  frame(frame: object | "[DONE]"): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    const bytes = `id: 1-${this.#frames.length}\ndata: ${data}\n\n`;
    this.#frames.push(bytes);
    for (const reader of this.#readers) reader.enqueue(new TextEncoder().encode(bytes));
  }

  write(delta: string): void {
    this.frame({ type: "text-delta", id: "answer", delta });
  }

  /** Save the message and send the last frames, as the gateway does. */
  end(fields: Partial<Message> = {}): void {
    const message = anAnswer({ id: this.messageId, parent_id: this.question.id, ...fields });
    this.conversation.messages = [...this.conversation.messages, message];
    this.conversation.generation = null;
    if (message.error) {
      this.frame({ type: "data-problem", data: { status: 502, title: "", ...message.error } });
      this.frame({ type: "error", errorText: message.error.detail });
    } else if (message.state === "stopped") {
      this.frame({ type: "abort" });
    } else {
      this.frame({ type: "finish", finishReason: "stop", messageMetadata: { state: message.state } });
    }
    this.frame("[DONE]");
    this.#isOver = true;
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  /** Break every open connection without a last frame. */
  cut(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  response(): Response {
    let own: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (reader) => {
        for (const frame of this.#frames) reader.enqueue(new TextEncoder().encode(frame));
        if (this.#isOver) reader.close();
        else this.#readers.add(reader);
        own = reader;
      },
      cancel: () => {
        if (own) this.#readers.delete(own);
      },
    });
    return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
  }
}

/** A gateway for one test: conversations in memory, answers that the test writes. */
export class MockGateway {
  conversations: Conversation[] = [];
  models: Models = { default: "fake", providers: [aProvider()] };
  answers: ScriptedAnswer[] = [];
  prompts: PromptBody[] = [];
  stops: string[] = [];
  /** Refuses the next prompts while it is set. */
  refusal: Problem | "network" | null = null;
  documents: StudyDocument[] = [];

  constructor() {
    server.use(...this.#handlers());
  }

  get answer(): ScriptedAnswer {
    const answer = this.answers.at(-1);
    if (!answer) throw new Error("Nothing was asked yet");
    return answer;
  }

  #handlers() {
    return [
      http.get("/api/session/", () =>
        HttpResponse.json({
          user: null,
          is_guest: true,
          csrf_token: "token",
          limits: DEFAULT_LIMITS,
        }),
      ),
      http.get("/api/models/", () => json(this.models)),
      http.get("/api/conversations/", () => json({ items: this.conversations, next_cursor: null })),
      http.get("/api/conversations/:id/", ({ params }) => this.#found(params.id, (found) => json(found))),
      http.patch("/api/conversations/:id/", async ({ params, request }) => {
        const patch = (await request.json()) as Partial<Conversation>;
        return this.#found(params.id, (found) => json(Object.assign(found, patch)));
      }),
      http.delete("/api/conversations/:id/", ({ params }) => {
        this.conversations = this.conversations.filter(({ id }) => id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/chat/stream/", async ({ request }) => this.#ask((await request.json()) as PromptBody)),
      http.post("/api/chat/file/", async ({ request }) => {
        const fields = [...(await request.text()).matchAll(/name="(\w+)"\r\n\r\n([^\r]*)/g)];
        const prompt = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
        return this.#ask(prompt as unknown as PromptBody, this.documents);
      }),
      http.get("/api/chat/:id/stream/", ({ params }) => {
        const answer = this.answers.findLast(({ conversation }) => conversation.id === params.id);
        return answer?.response() ?? new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/chat/:id/stop/", ({ params }) => {
        this.stops.push(String(params.id));
        this.answer.end({ state: "stopped", text: "" });
        return json({ message: this.answer.conversation.messages.at(-1) });
      }),
    ];
  }

  #ask(prompt: PromptBody, documents: StudyDocument[] = []): Response {
    this.prompts.push(prompt);
    if (this.refusal === "network") return HttpResponse.error();
    if (this.refusal) return json(this.refusal, this.refusal.status);
    const conversation =
      this.conversations.find(({ id }) => id === prompt.conversation_id) ?? this.#begin(prompt.message);
    const known = conversation.messages.find(
      (message) => message.client_message_id === prompt.client_message_id,
    );
    const question = known ?? questionOf(prompt, documents);
    const before = conversation.messages.filter(
      ({ id, parent_id }) => id !== question.id && parent_id !== question.id,
    );
    conversation.messages = [...before, question];
    conversation.documents = [...conversation.documents, ...documents];
    const answer = new ScriptedAnswer(conversation, question, documents);
    this.answers.push(answer);
    return answer.response();
  }

  #begin(title: string): Conversation {
    const conversation = aConversation({ title });
    this.conversations = [conversation, ...this.conversations];
    return conversation;
  }

  #found(id: unknown, answer: (conversation: Conversation) => Response): Response {
    const found = this.conversations.find((conversation) => conversation.id === id);
    return found ? answer(found) : json(aProblem({ status: 404, code: "not_found" }), 404);
  }
}

function questionOf({ message, client_message_id }: PromptBody, documents: StudyDocument[]): Message {
  const files = documents.map(({ id, filename, media_type }) => ({
    type: "file" as const,
    document_id: id,
    filename,
    media_type,
  }));
  return aMessage({ text: message, client_message_id, parts: [{ type: "text", text: message }, ...files] });
}

export function aProblem(fields: Partial<Problem> = {}): Problem {
  return {
    title: "Problem",
    status: 503,
    code: "worker_unavailable",
    detail: "The models are away.",
    ...fields,
  };
}

function json(body: unknown, status = 200): Response {
  return HttpResponse.json(body as JsonBodyType, { status });
}
