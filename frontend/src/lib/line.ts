/** Whether the gateway can be reached, as far as the page knows. */
const listeners = new Set<() => void>();
/** The browser sees a network, and nobody answers on it all the same. */
let isSilent = false;

/** Told by whoever had to do without the gateway, or has just heard from it. */
export function noteLine({ isOpen }: { isOpen: boolean }): void {
  if (isSilent !== isOpen) return;
  isSilent = !isOpen;
  for (const listener of listeners) listener();
}

export function isLineOpen(): boolean {
  return navigator.onLine && !isSilent;
}

export function subscribeToLine(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
