import { Clock, Pencil, RotateCw, Trash2 } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingField } from "@/features/chat/components/growing-field";
import editorStyles from "@/features/chat/components/message-editor.module.css";
import styles from "@/features/chat/components/queued-messages.module.css";
import { readEdit, writeEdit } from "@/features/chat/state/edits";
import { excessOf, isSendKey } from "@/features/chat/state/message-text";
import { putInOutbox, type QueuedMessage, takeFromOutbox } from "@/features/chat/state/outbox";
import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";
import { recoverFocus, takeLostFocus } from "@/lib/lost-focus";

interface QueuedMessagesProps {
  /** Of the open conversation. */
  messages: QueuedMessage[];
  maxChars: number;
  /** Nothing waits here any more: what had the focus is gone. */
  onEmpty: () => void;
}

/** What was said and has not left yet, below the conversation where it will stand. */
export function QueuedMessages({ messages, maxChars, onEmpty }: QueuedMessagesProps) {
  const t = useT();
  /** The one whose editor has just been left: its button has the focus again. */
  const [leftId, setLeftId] = useState<string | null>(null);
  return (
    <section className={styles.queue} aria-label={t("outbox.waiting")}>
      {messages.map((message, index) => (
        <article key={message.clientMessageId} className={styles.message}>
          {message.isHeld ? (
            <Editor message={message} maxChars={maxChars} onLeft={() => setLeftId(message.clientMessageId)} />
          ) : (
            <Waiting
              message={message}
              isNext={index > 0}
              takesFocus={leftId === message.clientMessageId}
              onCancel={() => {
                takeFromOutbox(message);
                if (messages.length === 1) onEmpty();
                else recoverFocus();
              }}
            />
          )}
        </article>
      ))}
    </section>
  );
}

interface WaitingProps {
  message: QueuedMessage;
  /** Another one goes before it. */
  isNext: boolean;
  takesFocus: boolean;
  onCancel: () => void;
}

function Waiting({ message, isNext, takesFocus, onCancel }: WaitingProps) {
  const t = useT();
  const id = useId();
  const serverText = useServerText();
  const { refusal } = message;
  const reason = refusal && (serverText(refusal.code, refusal.detail) || refusal.code);
  return (
    <>
      <p id={id} className={styles.text} dir="auto">
        {message.text}
      </p>
      <div className={styles.foot}>
        <p className={refusal ? styles.refused : styles.state} role="status">
          {!refusal && <Clock aria-hidden />}
          {reason ? t("outbox.refused", { reason }) : t(isNext ? "outbox.next" : "outbox.waiting")}
        </p>
        <div className={styles.actions}>
          {refusal && (
            <Button
              tone="quiet"
              icon={<RotateCw aria-hidden />}
              aria-describedby={id}
              onClick={() => putInOutbox({ ...message, refusal: null })}
            >
              {t("outbox.again")}
            </Button>
          )}
          <Button
            {...(takesFocus ? { ref: takeLostFocus } : {})}
            tone="quiet"
            icon={<Pencil aria-hidden />}
            aria-describedby={id}
            onClick={() => putInOutbox({ ...message, isHeld: true })}
          >
            {t("outbox.edit")}
          </Button>
          <Button tone="quiet" icon={<Trash2 aria-hidden />} aria-describedby={id} onClick={onCancel}>
            {t("outbox.cancel")}
          </Button>
        </div>
      </div>
    </>
  );
}

interface EditorProps {
  message: QueuedMessage;
  maxChars: number;
  onLeft: () => void;
}

/** It keeps its id: should the gateway have it after all, the new words are another version of it, and no second copy. */
function Editor({ message, maxChars, onLeft }: EditorProps) {
  const t = useT();
  const field = useRef<HTMLTextAreaElement>(null);
  // Once the gateway has the message, the same id is that of its editor in the conversation.
  const editId = `queued.${message.clientMessageId}`;
  const [text, setText] = useState(() => readEdit(editId) ?? message.text);
  const canKeep = text.trim() !== "" && excessOf(text, maxChars) <= 0;
  const leave = (next: Partial<QueuedMessage>) => {
    writeEdit(editId, null);
    putInOutbox({ ...message, ...next, isHeld: false });
    onLeft();
  };
  const keep = () => {
    if (canKeep) leave({ text: text.trim(), refusal: null });
  };
  return (
    <form
      className={editorStyles.editor}
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <GrowingField
        fieldRef={(element) => {
          if (element && field.current === null) element.focus();
          field.current = element;
        }}
        label={t("outbox.field")}
        text={text}
        isReadOnly={false}
        maxChars={maxChars}
        onText={(typed) => {
          setText(typed);
          writeEdit(editId, typed);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            // The field takes this key for itself: an answer elsewhere on the page is not stopped by it.
            event.preventDefault();
            event.stopPropagation();
            leave({});
          }
          if (!isSendKey(event.nativeEvent)) return;
          event.preventDefault();
          keep();
        }}
      />
      <div className={styles.actions}>
        <Button tone="quiet" onClick={() => leave({})}>
          {t("common.cancel")}
        </Button>
        <Button tone="primary" type="submit" disabled={!canKeep}>
          {t("outbox.save")}
        </Button>
      </div>
    </form>
  );
}
