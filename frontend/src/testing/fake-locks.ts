interface Held {
  end: (reason: DOMException) => void;
}

/** Web Locks, which jsdom leaves out: one holder of a name at a time, and `steal`. */
export class FakeLocks {
  #held = new Map<string, Held>();
  #waiting = new Map<string, (() => void)[]>();

  /** Put them where the page looks for them. Returns how to take them away. */
  static install(): () => void {
    Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
    return () => void Reflect.deleteProperty(navigator, "locks");
  }

  async request(name: string, options: LockOptions, work: () => Promise<void>): Promise<void> {
    const aborted = new DOMException("Gone.", "AbortError");
    if (options.steal) this.#held.get(name)?.end(aborted);
    else while (this.#held.has(name)) await this.#turn(name, options.signal);
    if (options.signal?.aborted) throw aborted;
    const stolen = new Promise<never>((_, reject) => {
      this.#held.set(name, { end: reject });
    });
    const mine = this.#held.get(name);
    try {
      await Promise.race([work(), stolen]);
    } finally {
      if (this.#held.get(name) === mine) this.#held.delete(name);
      for (const next of this.#waiting.get(name) ?? []) next();
    }
  }

  #turn(name: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(name) ?? [];
      this.#waiting.set(name, [...waiting, resolve]);
      signal?.addEventListener("abort", () => reject(new DOMException("Gone.", "AbortError")));
    });
  }
}
