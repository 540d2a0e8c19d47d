import { type ReactNode, useLayoutEffect, useRef } from "react";
import { addModal } from "@/lib/modals";

interface ModalProps {
  className: string | undefined;
  role?: "dialog" | "alertdialog";
  labelledBy: string;
  describedBy?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog of the browser itself: it holds the focus, gives it back, closes on Esc and on a press beside it. */
export function Modal({
  className,
  role = "dialog",
  labelledBy,
  describedBy,
  onClose,
  children,
}: ModalProps) {
  const place = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = place.current;
    if (!dialog) return undefined;
    dialog.showModal();
    const remove = addModal(dialog);
    return () => {
      remove();
      dialog.close();
      placeCaret();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the key, and the browser turns it into `cancel`
    <dialog
      ref={place}
      className={className}
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The content covers the dialog, so only the backdrop is hit directly.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** Chromium gives the focus back to a field without its caret: what is typed then would go nowhere. */
function placeCaret(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const { selectionStart, selectionEnd } = field;
  if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
}
