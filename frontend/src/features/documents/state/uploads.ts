import { UPLOADS_AT_ONCE } from "@/config/limits";
import { uploadDocument } from "@/features/documents/api/upload-document";
import { Listeners } from "@/lib/listeners";
import { uuid } from "@/lib/uuid";
import type { StudyDocument } from "@/types/wire";

/** A file on its way to the gateway. */
export interface Upload {
  id: string;
  file: File;
  /** Where it was added: what is done with it once it is stored. */
  place: string;
  courseId: string | null;
  /** Share of it that has left, in [0, 1]. */
  share: number;
  /** Why it did not arrive; null while it may. */
  error: unknown;
}

type Added = Pick<Upload, "place" | "courseId"> & { files: File[] };

/** Sends files a few at a time, whatever page is shown; what is stored leaves the list. */
export class Uploads {
  #items: Upload[] = [];
  #running = new Map<string, AbortController>();
  #listeners = new Listeners();

  constructor(private readonly onStored: (upload: Upload, document: StudyDocument) => void) {}

  readonly subscribe = this.#listeners.add;

  readonly snapshot = (): readonly Upload[] => this.#items;

  add({ files, ...where }: Added): void {
    const fresh = files.map((file) => ({ id: uuid(), file, share: 0, error: null, ...where }));
    this.#set([...this.#items, ...fresh]);
    this.#startNext();
  }

  retry(id: string): void {
    this.#change(id, { error: null, share: 0 });
    this.#startNext();
  }

  /** Take a file back; its bytes stop. */
  remove(id: string): void {
    this.#set(this.#items.filter((item) => item.id !== id));
    this.#running.get(id)?.abort();
    this.#startNext();
  }

  /** Take all of them back. */
  clear(): void {
    this.#set([]);
    for (const running of this.#running.values()) running.abort();
  }

  #startNext(): void {
    const next = this.#items.find(({ id, error }) => error === null && !this.#running.has(id));
    if (!next || this.#running.size >= UPLOADS_AT_ONCE) return;
    void this.#send(next);
    this.#startNext();
  }

  async #send(upload: Upload): Promise<void> {
    const { id, file, courseId } = upload;
    const sender = new AbortController();
    this.#running.set(id, sender);
    const onProgress = (share: number) => this.#change(id, { share });
    try {
      const document = await uploadDocument(file, { courseId, signal: sender.signal, onProgress });
      if (!sender.signal.aborted) {
        this.#running.delete(id);
        this.onStored(upload, document);
        this.#set(this.#items.filter((item) => item.id !== id));
      }
    } catch (error) {
      if (!sender.signal.aborted) this.#change(id, { error });
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  #change(id: string, fields: Partial<Upload>): void {
    this.#set(this.#items.map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }

  #set(items: Upload[]): void {
    this.#items = items;
    this.#listeners.tell();
  }
}
