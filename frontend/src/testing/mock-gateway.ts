import { HttpResponse, http, type JsonBodyType } from "msw";
import { DEFAULT_LIMITS } from "@/config/limits";
import { aConversation, aGuest, aMessage, aProvider, nextId } from "@/testing/builders";
import { MessageTree } from "@/testing/message-tree";
import { MockConversations } from "@/testing/mock-conversations";
import { MockLibrary } from "@/testing/mock-library";
import { MockLive } from "@/testing/mock-live";
import { server } from "@/testing/mock-server";
import { ScriptedAnswer } from "@/testing/scripted-answer";
import type { Conversation, Message, Models, Problem, Session, StudyDocument } from "@/types/wire";

interface PromptBody {
  trigger?: "regenerate" | "continue";
  message: string;
  client_message_id: string;
  conversation_id?: string;
  /** The answer that the prompt follows; of a regeneration the one that is to get another beside it. */
  parent_id?: string;
  provider?: string;
  model?: string;
  document_ids?: string[];
  course_id?: string | null;
  /** What the page calls a conversation that begins with it. */
  client_id?: string | null;
}

/** The shape that names a conversation which may not be there yet. */
interface NamedBody {
  id: string;
  messages: { id: string; parts: { text: string }[] }[];
}

/** A gateway for one test: conversations in memory, answers that the test writes. */
export class MockGateway {
  conversations: Conversation[] = [];
  models: Models = { default: "fake", providers: [aProvider()] };
  answers: ScriptedAnswer[] = [];
  prompts: PromptBody[] = [];
  stops: string[] = [];
  /** The `Last-Event-ID` of each reader that came back, null for one from the start. */
  follows: (string | null)[] = [];
  /** The conversations that were fetched. */
  fetches: string[] = [];
  /** Refuses the next prompts while it is set. */
  refusal: Problem | "network" | null = null;
  /** Nobody answers at its address. */
  isDown = false;
  library = new MockLibrary(this);
  /** Lists, search, trash and links. */
  whole = new MockConversations(this);
  user: Session["user"] = null;
  signup: Session["signup"] = "open";
  providers: Session["providers"] = [];
  live = new MockLive();
  #trees = new Map<string, MessageTree>();

  constructor() {
    server.use(
      http.all("/api/*", () => (this.isDown ? HttpResponse.error() : undefined)),
      ...this.whole.handlers(),
      ...this.#handlers(),
      ...this.library.handlers(),
    );
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
          user: this.user,
          is_guest: this.user?.is_guest ?? true,
          csrf_token: "token",
          limits: DEFAULT_LIMITS,
          signup: this.signup,
          providers: this.providers,
        }),
      ),
      http.get("/api/models/", () => json(this.models)),
      http.get("/api/conversations/:id/", ({ params }) =>
        this.#found(params.id, (found) => {
          this.fetches.push(found.id);
          return json({ ...found, messages: this.#tree(found).branch() });
        }),
      ),
      http.patch("/api/conversations/:id/", async ({ params, request }) => {
        const { active_message_id, ...patch } = (await request.json()) as Patch;
        return this.#found(params.id, (found) => {
          if (active_message_id) this.#tree(found).show(active_message_id);
          return json(Object.assign(found, patch));
        });
      }),
      ...this.#chatHandlers(),
    ];
  }

  #chatHandlers() {
    return [
      http.get("/api/chat/live/", () => this.live.response(this.user !== null)),
      http.post("/api/chat/stream/", async ({ request }) =>
        this.#ask((await request.json()) as PromptBody | NamedBody),
      ),
      http.get("/api/chat/:id/stream/", ({ params, request }) => {
        const lastEventId = request.headers.get("last-event-id");
        this.follows.push(lastEventId);
        const answer = this.answers.findLast(({ conversation }) => conversation.id === params.id);
        return answer?.response(lastEventId) ?? new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/chat/:id/stop/", ({ params }) => {
        this.stops.push(String(params.id));
        this.answer.end({ state: "stopped", text: "" });
        return json({ message: this.#tree(this.answer.conversation).branch().at(-1) });
      }),
    ];
  }

  /** Ask something from another tab or device. */
  askElsewhere(prompt: Partial<PromptBody> & { message: string }): ScriptedAnswer {
    void this.#ask({ client_message_id: nextId(), ...prompt });
    return this.answer;
  }

  #ask(body: PromptBody | NamedBody): Response {
    const prompt = "messages" in body ? ownShape(body, this.conversations) : body;
    const documents = this.library.find(prompt.document_ids);
    this.prompts.push(prompt);
    if (this.refusal === "network") return HttpResponse.error();
    if (this.refusal) return json(this.refusal, this.refusal.status);
    this.user ??= aGuest();
    const conversation =
      this.conversations.find(({ id }) => id === prompt.conversation_id) ?? this.#begin(prompt);
    conversation.updated_at = new Date().toISOString();
    const tree = this.#tree(conversation);
    const question = questionIn(tree, prompt, documents);
    tree.add(question);
    conversation.documents = [...conversation.documents, ...documents];
    const onEnd = () => this.live.finished(answer);
    const answer = new ScriptedAnswer(conversation, question, { tree, documents, onEnd });
    this.answers.push(answer);
    this.live.started(answer);
    return answer.response(null);
  }

  #begin({ message: title, course_id = null, client_id = null }: PromptBody): Conversation {
    const conversation = aConversation({ title, course_id, client_id });
    this.conversations = [conversation, ...this.conversations];
    return conversation;
  }

  #tree(conversation: Conversation): MessageTree {
    const tree = this.#trees.get(conversation.id) ?? new MessageTree(conversation.messages);
    this.#trees.set(conversation.id, tree);
    return tree;
  }

  #found(id: unknown, answer: (conversation: Conversation) => Response): Response {
    const found = this.conversations.find((each) => each.id === id || each.client_id === id);
    return found ? answer(found) : json(aProblem({ status: 404, code: "not_found" }), 404);
  }
}

function ownShape({ id: name, messages, ...rest }: NamedBody, known: Conversation[]): PromptBody {
  const [prompt] = messages;
  const message = prompt?.parts.map(({ text }) => text).join("") ?? "";
  const there = known.find(({ client_id }) => client_id === name);
  const place = there ? { conversation_id: there.id } : { client_id: name };
  return { ...rest, message, client_message_id: prompt?.id ?? "", ...place };
}

type Patch = Partial<Conversation> & { active_message_id?: string };

/** The message that a prompt is about: a new one, a version of an earlier one, or one that was asked before. */
function questionIn(tree: MessageTree, prompt: PromptBody, documents: StudyDocument[]): Message {
  if (prompt.trigger === "regenerate" || prompt.trigger === "continue") {
    const answer = tree.find(({ id }) => id === prompt.parent_id);
    const question = tree.find(({ id }) => id === answer?.parent_id);
    if (!question) throw new Error("There is no such answer");
    return question;
  }
  const earlier = tree.find(({ client_message_id }) => client_message_id === prompt.client_message_id);
  if (earlier?.text === prompt.message) return earlier;
  return {
    ...questionOf(prompt, documents),
    parent_id: earlier ? earlier.parent_id : (prompt.parent_id ?? tree.leafId),
  };
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
