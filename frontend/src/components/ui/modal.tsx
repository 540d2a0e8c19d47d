import { createContext, type ReactNode, useContext, useLayoutEffect, useState } from "react";

const OpenModal = createContext<HTMLElement | null>(null);

/** Where menus must open: inside the modal dialog that they belong to, since all else is inert; null for the page. */
export function usePortalPlace(): HTMLElement | null {
  return useContext(OpenModal);
}

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
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  useLayoutEffect(() => {
    dialog?.showModal();
    return () => dialog?.close();
  }, [dialog]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the key, and the browser turns it into `cancel`
    <dialog
      ref={setDialog}
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
      <OpenModal value={dialog}>{children}</OpenModal>
    </dialog>
  );
}
