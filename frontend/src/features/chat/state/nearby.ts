type Listener = (isNear: boolean) => void;

/** How far around what is seen an item counts as near, in heights of the list's frame. */
const MARGIN = "150%";

/**
 * Tells the items of a scrolling list when they come near to what is seen, and when they are far from it again.
 *
 * One item comes at a time, the nearest first: each frame has time for one, and what is typed meanwhile never waits.
 */
export class Nearby {
  #listeners = new Map<Element, Listener>();
  /** Those that are near and were not told yet, with their distance from the middle of the frame. */
  #coming = new Map<Element, number>();
  #observer: IntersectionObserver | null = null;
  #turn = 0;

  /** Begin to look, within this frame. Returns how to end. */
  open(frame: Element): () => void {
    const observer = new IntersectionObserver((entries) => this.#note(entries), {
      root: frame,
      rootMargin: `${MARGIN} 0px`,
    });
    for (const item of this.#listeners.keys()) observer.observe(item);
    this.#observer = observer;
    return () => {
      observer.disconnect();
      cancelAnimationFrame(this.#turn);
      this.#turn = 0;
      this.#coming.clear();
      this.#observer = null;
    };
  }

  /** Tell of this item. Returns how to end. */
  watch(item: Element, listener: Listener): () => void {
    this.#listeners.set(item, listener);
    this.#observer?.observe(item);
    return () => {
      this.#listeners.delete(item);
      this.#coming.delete(item);
      this.#observer?.unobserve(item);
    };
  }

  #note(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect: box, rootBounds } of entries) {
      if (isIntersecting) {
        const middle = rootBounds ? rootBounds.top + rootBounds.height / 2 : 0;
        this.#coming.set(target, Math.abs((box.top + box.bottom) / 2 - middle));
      } else {
        this.#coming.delete(target);
        this.#listeners.get(target)?.(false);
      }
    }
    this.#takeTurns();
  }

  #takeTurns(): void {
    if (this.#turn || this.#coming.size === 0) return;
    this.#turn = requestAnimationFrame(() => {
      this.#turn = 0;
      // They may all be gone, or far again, by now.
      if (this.#coming.size === 0) return;
      const [nearest] = [...this.#coming].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
      this.#coming.delete(nearest);
      this.#listeners.get(nearest)?.(true);
      this.#takeTurns();
    });
  }
}
