import { HttpResponse } from "msw";
import { anAnswer, nextId } from "@/testing/builders";
import type { MessageTree } from "@/testing/message-tree";
import type { Conversation, Message, StudyDocument } from "@/types/wire";

type Reader = ReadableStreamDefaultController<Uint8Array>;

/** An answer whose frames the test sends one by one; each reader gets those that it has not read yet. */
export class ScriptedAnswer {
  readonly messageId = nextId();
  readonly generationId = nextId();
  #epoch = 1;
  #frames: string[] = [];
  #readers = new Set<Reader>();
  #isOver = false;

  constructor(
    readonly conversation: Conversation,
    readonly question: Message,
    private readonly context: { tree: MessageTree; documents: StudyDocument[]; onEnd: () => void },
  ) {
    conversation.generation = {
      id: this.generationId,
      state: "running",
      user_message_id: question.id,
      answer_id: this.messageId,
    };
    const ids = {
      conversation_id: conversation.id,
      user_message_id: question.id,
      generation_id: this.generationId,
    };
    const { documents } = context;
    const withDocuments = documents.length > 0 ? { ...ids, documents } : ids;
    this.frame({ type: "start", messageId: this.messageId, messageMetadata: withDocuments });
    this.frame({ type: "start-step" });
  }

  get readers(): number {
    return this.#readers.size;
  }

  frame(frame: object | "[DONE]"): void {
    this.#frames.push(typeof frame === "string" ? frame : JSON.stringify(frame));
    const bytes = this.#bytes(this.#frames.length);
    for (const reader of this.#readers) reader.enqueue(bytes);
  }

  write(delta: string): void {
    this.frame({ type: "text-delta", id: "answer", delta });
  }

  /** Save the message and send the last frames, as the gateway does. */
  end(fields: Partial<Message> = {}): void {
    const message = anAnswer({ id: this.messageId, parent_id: this.question.id, ...fields });
    this.context.tree.add(message);
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
    this.cut();
    this.context.onEnd();
  }

  /** Break every open connection without a last frame. */
  cut(): void {
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  /** Let another process go on with it, from a text of its own: whoever comes back is told all anew. */
  takeOver(text: string): void {
    this.cut();
    this.#epoch += 1;
    this.#frames = this.#frames.slice(0, 2);
    this.write(text);
  }

  /** End every open connection as one of too many. */
  crowdOut(): void {
    const data = { code: "too_many_readers", message: "Open in too many places." };
    const bytes = `data: ${JSON.stringify({ type: "data-notice", transient: true, data })}\n\n`;
    for (const reader of this.#readers) reader.enqueue(new TextEncoder().encode(bytes));
    this.cut();
  }

  response(lastEventId: string | null): Response {
    const [epoch, number] = (lastEventId ?? "").split("-").map(Number);
    const read = epoch === this.#epoch ? (number ?? 0) : 0;
    let own: Reader | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (reader) => {
        for (let next = read + 1; next <= this.#frames.length; next += 1) reader.enqueue(this.#bytes(next));
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

  /** A frame by its number, from 1. */
  #bytes(number: number): Uint8Array {
    return new TextEncoder().encode(`id: ${this.#epoch}-${number}\ndata: ${this.#frames[number - 1]}\n\n`);
  }
}
