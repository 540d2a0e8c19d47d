import { Listeners } from "@/lib/listeners";

/** What the page says in passing, at its edge: one thing at a time. */
export interface Toast {
  text: string;
  tone?: "plain" | "danger";
  action?: { label: string; onAction: () => void };
  /** Its action is what a keyboard's user wants next: what had the focus is gone. */
  takesFocus?: boolean;
  /** It is gone, and its action was not taken. */
  onGone?: () => void;
}

export type ShownToast = Toast & { id: number };

const listeners = new Listeners();
let shown: ShownToast | null = null;
let count = 0;

/** Say something in the place of what is said there now. */
export function showToast(toast: Toast): void {
  closeToast();
  count += 1;
  change({ ...toast, id: count });
}

/** Take away what is said. */
export function closeToast(): void {
  const gone = shown;
  change(null);
  gone?.onGone?.();
}

/** Do what it offers. */
export function takeToastAction(): void {
  const taken = shown;
  change(null);
  taken?.action?.onAction();
}

export function currentToast(): ShownToast | null {
  return shown;
}

export const subscribeToToasts = listeners.add;

function change(next: ShownToast | null): void {
  shown = next;
  listeners.tell();
}
