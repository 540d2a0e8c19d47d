import type { Message } from "@/types/wire";

/** The messages of one conversation with all their versions, and the branch of them that is shown. */
export class MessageTree {
  #all: Message[];
  #leaf: Message | null;

  constructor(branch: Message[]) {
    this.#all = [...branch];
    this.#leaf = branch.at(-1) ?? null;
  }

  get leafId(): string | null {
    return this.#leaf?.id ?? null;
  }

  find(matches: (message: Message) => boolean): Message | undefined {
    return this.#all.findLast(matches);
  }

  /** Add a message, unless it is there, and show the branch that ends with it. */
  add(message: Message): void {
    if (!this.#all.some(({ id }) => id === message.id)) this.#all.push(message);
    this.#leaf = message;
  }

  /** Show the newest branch through a message. */
  show(messageId: string): void {
    let leaf = this.#all.find(({ id }) => id === messageId) ?? null;
    for (let next = leaf; next; next = this.find(({ parent_id }) => parent_id === leaf?.id) ?? null)
      leaf = next;
    this.#leaf = leaf;
  }

  branch(): Message[] {
    const path: Message[] = [];
    for (let at = this.#leaf; at; at = this.#all.find(({ id }) => id === path[0]?.parent_id) ?? null)
      path.unshift(this.#withSiblings(at));
    return path;
  }

  #withSiblings(message: Message): Message {
    const ids = this.#all.filter(({ parent_id }) => parent_id === message.parent_id).map(({ id }) => id);
    return { ...message, siblings: { ids, index: ids.indexOf(message.id) } };
  }
}
