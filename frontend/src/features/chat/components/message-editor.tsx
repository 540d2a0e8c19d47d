import { type KeyboardEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingField } from "@/features/chat/components/growing-field";
import styles from "@/features/chat/components/message-editor.module.css";
import { readEdit, writeEdit } from "@/features/chat/state/edits";
import { excessOf, isSendKey } from "@/features/chat/state/message-text";
import { useT } from "@/i18n/language";

interface MessageEditorProps {
  text: string;
  /** Under which what is typed is kept, also over a reload. */
  clientMessageId: string | null;
  /** Somebody has just asked for it. */
  takesFocus: boolean;
  maxChars: number;
  /** The new version is on its way. */
  isSending: boolean;
  /** Nothing can be asked now: an answer is being written. */
  isBusy: boolean;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** A question while it is being put another way: Enter sends it, Esc keeps the old one. */
export function MessageEditor(props: MessageEditorProps) {
  const { text, clientMessageId, takesFocus, maxChars, isSending, isBusy, onSend, onCancel } = props;
  const t = useT();
  const [draft, setDraft] = useState(() => readEdit(clientMessageId) ?? text);
  const next = draft.trim();
  const canSend = next !== "" && next !== text && excessOf(draft, maxChars) <= 0 && !isBusy;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      // The field takes this key for itself: an answer elsewhere on the page is not stopped by it.
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
    if (!isSendKey(event.nativeEvent)) return;
    event.preventDefault();
    if (canSend) onSend(next);
  };
  return (
    <form
      className={styles.editor}
      aria-busy={isSending}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) onSend(next);
      }}
    >
      <GrowingField
        {...(takesFocus ? { fieldRef: focusAtEnd } : {})}
        label={t("message.editField")}
        text={draft}
        isReadOnly={isSending}
        maxChars={maxChars}
        onText={(typed) => {
          setDraft(typed);
          writeEdit(clientMessageId, typed === text ? null : typed);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.foot}>
        <p className={styles.hint}>{t("message.editHint")}</p>
        <div className={styles.actions}>
          <Button tone="quiet" disabled={isSending} onClick={onCancel}>
            {t("common.cancel")}
          </Button>
          <Button tone="primary" type="submit" disabled={!canSend}>
            {t("message.ask")}
          </Button>
        </div>
      </div>
    </form>
  );
}

function focusAtEnd(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}
