import { HttpResponse, http, type JsonBodyType } from "msw";
import { nextId } from "@/testing/builders";
import type { MockGateway } from "@/testing/mock-gateway";
import type { Conversation, FoundConversation, Message, Share, SharedPage } from "@/types/wire";

const AT = "2026-01-02T10:00:00Z";

/** What a mock gateway does with whole conversations: lists, search, trash, links. */
export class MockConversations {
  /** Deleted, and not yet for good. */
  deleted: Conversation[] = [];
  /** By conversation. */
  shares = new Map<string, Share>();
  /** By token. */
  shared = new Map<string, SharedPage>();
  /** What was looked for. */
  searches: string[] = [];
  #gateway: MockGateway;

  constructor(gateway: MockGateway) {
    this.#gateway = gateway;
  }

  handlers() {
    return [
      http.get("/api/conversations/search/", ({ request }) => {
        const words = new URL(request.url).searchParams.get("q") ?? "";
        this.searches.push(words);
        return json({ items: this.#search(words) });
      }),
      http.get("/api/conversations/", ({ request }) => {
        const query = new URL(request.url).searchParams;
        return json({ items: this.#list(query), next_cursor: null });
      }),
      http.delete("/api/conversations/:id/", ({ params }) => {
        const [gone, left] = partition(this.#gateway.conversations, ({ id }) => id === params.id);
        this.#gateway.conversations = left;
        this.deleted.push(...gone);
        return new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/conversations/:id/restore/", ({ params }) => {
        const [back, left] = partition(this.deleted, ({ id }) => id === params.id);
        this.deleted = left;
        this.#gateway.conversations.push(...back);
        return back[0] ? json(back[0]) : notFound();
      }),
      ...this.#shareHandlers(),
    ];
  }

  #shareHandlers() {
    return [
      http.get("/api/conversations/:id/share/", ({ params }) =>
        json({ share: this.shares.get(String(params.id)) ?? null }),
      ),
      http.post("/api/conversations/:id/share/", ({ params }) => {
        const conversation = this.#gateway.conversations.find(({ id }) => id === params.id);
        if (!conversation) return notFound();
        const earlier = this.shares.get(conversation.id);
        const token = earlier?.token ?? `token-${nextId()}`;
        const messages = conversation.messages.length;
        const share = { token, created_at: AT, updated_at: AT, messages };
        this.shares.set(conversation.id, share);
        return json(share);
      }),
      http.delete("/api/conversations/:id/share/", ({ params }) => {
        this.shares.delete(String(params.id));
        return new HttpResponse(null, { status: 204 });
      }),
      http.get("/api/shares/", () => json({ items: this.#shareList() })),
      http.get("/api/shared/:token/", ({ params }) => {
        const page = this.shared.get(String(params.token));
        return page ? json(page) : notFound();
      }),
    ];
  }

  #list(query: URLSearchParams): Conversation[] {
    const courseId = query.get("course_id");
    const pinned = query.get("pinned");
    return this.#gateway.conversations
      .filter(
        (each) =>
          (!courseId || each.course_id === courseId) &&
          String(each.archived) === (query.get("archived") ?? "false") &&
          (pinned === null || String(each.pinned) === pinned),
      )
      .toSorted((a, b) => b.updated_at.localeCompare(a.updated_at));
  }

  #search(words: string): FoundConversation[] {
    return this.#gateway.conversations.flatMap((conversation) => {
      const title_marks = marksIn(conversation.title, words);
      const hits = conversation.messages.flatMap((message) => hitIn(message, words));
      return title_marks.length + hits.length > 0 ? [{ conversation, title_marks, hits }] : [];
    });
  }

  #shareList() {
    return this.#gateway.conversations.flatMap((conversation) => {
      const share = this.shares.get(conversation.id);
      return share ? [{ share, conversation }] : [];
    });
  }
}

function hitIn({ id, role, text }: Message, words: string): FoundConversation["hits"] {
  const marks = marksIn(text, words);
  return marks.length > 0 ? [{ message_id: id, role, snippet: text, marks }] : [];
}

function marksIn(text: string, words: string): [number, number][] {
  const at = text.toLowerCase().indexOf(words.toLowerCase());
  return at < 0 ? [] : [[at, at + words.length]];
}

function partition<Item>(items: Item[], isOf: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isOf), items.filter((item) => !isOf(item))];
}

function notFound(): Response {
  return json({ title: "", status: 404, code: "not_found", detail: "It does not exist." }, 404);
}

function json(body: unknown, status = 200): Response {
  return HttpResponse.json(body as JsonBodyType, { status });
}
