import { HttpResponse } from "msw";
import type { ScriptedAnswer } from "@/testing/scripted-answer";

type Reader = ReadableStreamDefaultController<Uint8Array>;

/** The live feed of a mock gateway. */
export class MockLive {
  #readers = new Set<Reader>();
  #running: ScriptedAnswer[] = [];
  /** How often it was asked for, in all. */
  requests = 0;

  /** How many connections are open. */
  get readers(): number {
    return this.#readers.size;
  }

  started(answer: ScriptedAnswer): void {
    this.#running.push(answer);
    this.tell({ type: "started", title: answer.conversation.title, ...idsOf(answer) });
  }

  finished(answer: ScriptedAnswer, state = "complete"): void {
    this.#running = this.#running.filter((each) => each !== answer);
    this.tell({ type: "finished", state, title: answer.conversation.title, ...idsOf(answer) });
  }

  tell(event: object): void {
    for (const reader of this.#readers) reader.enqueue(bytesOf(event));
  }

  /** Break every open connection. */
  cut(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  response(hasUser: boolean): Response {
    this.requests += 1;
    if (!hasUser) return new HttpResponse(null, { status: 204 });
    let own: Reader | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (reader) => {
        own = reader;
        reader.enqueue(bytesOf({ type: "answering", conversations: this.#running.map(idsOf) }));
        this.#readers.add(reader);
      },
      cancel: () => {
        if (own) this.#readers.delete(own);
      },
    });
    return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
  }
}

function idsOf({ conversation, generationId, question }: ScriptedAnswer) {
  return {
    conversation_id: conversation.id,
    generation_id: generationId,
    user_message_id: question.id,
  };
}

function bytesOf(event: object): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`);
}
