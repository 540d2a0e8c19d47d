/** The modal dialogs that are open, the topmost last: all else on the page is out of reach meanwhile. */
const listeners = new Set<() => void>();
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

export function subscribeToModals(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: readonly HTMLDialogElement[]): void {
  open = next;
  for (const listener of listeners) listener();
}
