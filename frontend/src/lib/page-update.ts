/** The worker that opens the page without a line, and the newer page that it may have waiting: see docs/bad-lines.md. */
import { Listeners } from "@/lib/listeners";

const listeners = new Listeners();
/** A page that stays open for days looks for a newer one when it is looked at itself. */
const LOOK_EVERY_MS = 3_600_000;
let waiting: ServiceWorker | null = null;

/** Have the browser keep the page, and look whether a newer one waits. */
export async function keepPage(): Promise<void> {
  const container = (navigator as Partial<Navigator>).serviceWorker;
  if (!container) return;
  const registration = await container.register("/sw.js", { updateViaCache: "none" });
  // Where a test or an extension refuses it there is none.
  if (!registration) return;
  const look = () => {
    // The first one of all has nothing to take the place of.
    if (registration.waiting && container.controller) change(registration.waiting);
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  look();
  let lookedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = Date.now();
    void registration.update().catch(() => undefined);
  });
  // What was fetched before there was a worker did not pass through it.
  const met = performance.getEntriesByType("resource").map(({ name }) => name);
  (await container.ready).active?.postMessage(met);
}

/** Whether a newer page waits to be shown. */
export function isUpdateReady(): boolean {
  return waiting !== null;
}

/** Show the newer page, in this tab; others go on with the one that they have. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), {
    once: true,
  });
  waiting?.postMessage("take-over");
}

export const subscribeToUpdate = listeners.add;

function change(next: ServiceWorker): void {
  waiting = next;
  listeners.tell();
}
