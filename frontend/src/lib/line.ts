/** Whether the gateway can be reached, as far as the page knows. */
import { Listeners } from "@/lib/listeners";

const listeners = new Listeners();
/** The browser sees a network, and nobody answers on it all the same. */
let isSilent = false;

/** Told by whoever had to do without the gateway, or has just heard from it. */
export function noteLine({ isOpen }: { isOpen: boolean }): void {
  if (isSilent !== isOpen) return;
  isSilent = !isOpen;
  listeners.tell();
}

export function isLineOpen(): boolean {
  return navigator.onLine && !isSilent;
}

export function subscribeToLine(listener: () => void): () => void {
  const leave = listeners.add(listener);
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    leave();
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
