import { useId } from "react";
import { Button } from "@/components/ui/button";
import styles from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";

interface ConfirmDialogProps {
  title: string;
  text: string;
  confirmLabel: string;
  cancelLabel: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something is lost; the focus starts on the harmless answer, which comes first. */
export function ConfirmDialog({
  title,
  text,
  confirmLabel,
  cancelLabel,
  onConfirm,
  onCancel,
}: ConfirmDialogProps) {
  const titleId = useId();
  const textId = useId();
  return (
    <Modal
      className={styles.dialog}
      role="alertdialog"
      labelledBy={titleId}
      describedBy={textId}
      onClose={onCancel}
    >
      <div className={styles.content}>
        <h2 id={titleId}>{title}</h2>
        <p id={textId}>{text}</p>
        <div className={styles.actions}>
          <Button onClick={onCancel}>{cancelLabel}</Button>
          <Button tone="danger" onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
