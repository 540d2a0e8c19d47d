import { HttpResponse, http, type JsonBodyType } from "msw";
import type { DocumentPage, SearchHit } from "@/features/documents/types";
import { aCourse, aDocument, aGuest, aPage } from "@/testing/builders";
import type { MockGateway } from "@/testing/mock-gateway";
import type { Course, Problem, StudyDocument } from "@/types/wire";

const UNREAD = { state: "waiting", pages: 0, pages_done: 0, characters: 0 } as const;

/** Files and courses of a mock gateway; the test says how far each file is read. */
export class MockLibrary {
  documents: StudyDocument[] = [];
  courses: Course[] = [];
  pages: DocumentPage[] = [];
  hits: SearchHit[] = [];
  space = { used_bytes: 0, limit_bytes: 1024 ** 3 };
  /** Refuses the next uploads while it is set. */
  refusal: Problem | "network" | null = null;
  /** Uploads wait while it is set. */
  gate: Promise<void> | null = null;
  /** The bodies of the uploads. */
  uploads: string[] = [];
  /** What was asked for in pages and lists, with its query. */
  asked: string[] = [];
  #gateway: MockGateway;

  constructor(gateway: MockGateway) {
    this.#gateway = gateway;
  }

  /** A file gets on: the live feed tells it. */
  change(filename: string, fields: Partial<StudyDocument>): void {
    const document = this.documents.find((each) => each.filename === filename);
    if (!document) throw new Error(`There is no ${filename}`);
    Object.assign(document, fields);
    this.#gateway.live.tell({ type: "data-document", data: document });
  }

  find(ids: string[] = []): StudyDocument[] {
    return this.documents.filter(({ id }) => ids.includes(id));
  }

  handlers() {
    return [...this.#lists(), ...this.#single(), ...this.#courseHandlers()];
  }

  #lists() {
    return [
      http.get("/api/documents/search/", ({ request }) => {
        this.asked.push(request.url);
        return json({ items: this.hits });
      }),
      http.get("/api/documents/", ({ request }) => {
        const query = new URL(request.url).searchParams;
        const courseId = query.get("course_id");
        const items = this.documents.filter(
          ({ course_id, filename }) =>
            (!courseId || course_id === courseId) && filename.includes(query.get("q") ?? ""),
        );
        return json({ items, next_cursor: null, space: this.space });
      }),
      http.post("/api/documents/", async ({ request }) => {
        const body = await request.text();
        this.uploads.push(body);
        await this.gate;
        if (this.refusal === "network") return HttpResponse.error();
        if (this.refusal) return json(this.refusal, this.refusal.status);
        this.#gateway.user ??= aGuest();
        const filename = /filename="([^"]*)"/.exec(body)?.[1] ?? "";
        const courseId = /name="course_id"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? null;
        const document = aDocument({ filename, course_id: courseId, ...UNREAD });
        this.documents = [document, ...this.documents];
        return json({ items: [document] }, 201);
      }),
    ];
  }

  #single() {
    return [
      http.get("/api/documents/:id/pages/:n/", ({ params }) => {
        const number = Number(params.n);
        const known = this.pages.find((page) => page.number === number);
        return json(known ?? aPage({ number, document_id: String(params.id), label: `page ${number}` }));
      }),
      http.get("/api/documents/:id/", ({ params }) => this.#found(params.id, json)),
      http.patch("/api/documents/:id/", async ({ params, request }) => {
        const patch = (await request.json()) as Partial<StudyDocument>;
        return this.#found(params.id, (found) => json(Object.assign(found, patch)));
      }),
      http.delete("/api/documents/:id/", ({ params }) => {
        this.documents = this.documents.filter(({ id }) => id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
    ];
  }

  #courseHandlers() {
    return [
      http.get("/api/courses/", () => json({ items: this.courses })),
      http.post("/api/courses/", async ({ request }) => {
        const course = aCourse((await request.json()) as Partial<Course>);
        this.courses = [course, ...this.courses];
        return json(course, 201);
      }),
      http.patch("/api/courses/:id/", async ({ params, request }) => {
        const course = this.courses.find(({ id }) => id === params.id) ?? aCourse();
        return json(Object.assign(course, await request.json()));
      }),
      http.delete("/api/courses/:id/", ({ params }) => {
        this.courses = this.courses.filter(({ id }) => id !== params.id);
        for (const document of this.documents) document.course_id = null;
        return new HttpResponse(null, { status: 204 });
      }),
    ];
  }

  #found(id: unknown, answer: (document: StudyDocument) => Response): Response {
    const found = this.documents.find((document) => document.id === id);
    const gone = { title: "", status: 404, code: "not_found", detail: "This file does not exist." };
    return found ? answer(found) : json(gone, 404);
  }
}

function json(body: unknown, status = 200): Response {
  return HttpResponse.json(body as JsonBodyType, { status });
}
