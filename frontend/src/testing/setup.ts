import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { fetchMarkdown } from "@/components/markdown/lazy-markdown";
import { server } from "@/testing/mock-server";

// What jsdom leaves out of a browser.
class QuietObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", QuietObserver);
// Without a layout all is in view.
vi.stubGlobal(
  "IntersectionObserver",
  class extends QuietObserver {
    constructor(private readonly tell: (entries: Partial<IntersectionObserverEntry>[]) => void) {
      super();
    }
    override observe(target?: Element) {
      if (!target) return;
      const boundingClientRect = target.getBoundingClientRect();
      this.tell([{ target, isIntersecting: true, boundingClientRect, rootBounds: null }]);
    }
  },
);
window.matchMedia = (media: string) =>
  Object.assign(new EventTarget(), {
    media,
    matches: media.includes("hover: hover"),
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as MediaQueryList;
// A promise, as newer browsers answer.
Element.prototype.scrollIntoView = () => Promise.resolve() as unknown as undefined;
Element.prototype.hasPointerCapture = () => false;
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

configure({ asyncUtilTimeout: 10_000 });

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
// As in a page that has been open for a moment.
beforeAll(fetchMarkdown);
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => server.close());
