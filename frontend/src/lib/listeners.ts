type Listener<Said extends unknown[]> = (...said: Said) => void;

/** Who wants to hear of something; `add` is what `useSyncExternalStore` takes. */
export class Listeners<Said extends unknown[] = []> {
  #all = new Set<Listener<Said>>();

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Returns how to end that. */
  readonly add = (listener: Listener<Said>): (() => void) => {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  };

  readonly tell = (...said: Said): void => {
    for (const listener of this.#all) listener(...said);
  };
}
