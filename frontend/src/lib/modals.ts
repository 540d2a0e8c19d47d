/** The modal dialogs that are open, the topmost last: all else on the page is out of reach meanwhile. */
import { Listeners } from "@/lib/listeners";

const listeners = new Listeners();
let open: readonly HTMLDialogElement[] = [];

/** To be called with a dialog that has been opened; returns what is to be called when it is closed. */
export function addModal(dialog: HTMLDialogElement): () => void {
  change([...open, dialog]);
  return () => change(open.filter((each) => each !== dialog));
}

/** The dialog that can be reached, if one is open. */
export function topModal(): HTMLDialogElement | null {
  return open.at(-1) ?? null;
}

export const subscribeToModals = listeners.add;

function change(next: readonly HTMLDialogElement[]): void {
  open = next;
  listeners.tell();
}
