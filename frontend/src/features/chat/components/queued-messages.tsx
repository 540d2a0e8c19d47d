import { Clock, Pencil, RotateCw, Trash2 } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { GrowingField } from "@/features/chat/components/growing-field";
import styles from "@/features/chat/components/queued-messages.module.css";
import { excessOf, isSendKey } from "@/features/chat/state/message-text";
import { putInOutbox, type QueuedMessage, takeFromOutbox } from "@/features/chat/state/outbox";
import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";

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
  return (
    <section className={styles.queue} aria-label={t("outbox.waiting")}>
      {messages.map((message, index) => (
        <article key={message.clientMessageId} className={styles.message}>
          {message.isHeld ? (
            <Editor message={message} maxChars={maxChars} />
          ) : (
            <Waiting
              message={message}
              isNext={index > 0}
              onCancel={() => {
                takeFromOutbox(message);
                if (messages.length === 1) onEmpty();
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
  onCancel: () => void;
}

function Waiting({ message, isNext, onCancel }: WaitingProps) {
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

/** It keeps its id: should the gateway have it after all, the new words are another version of it, and no second copy. */
function Editor({ message, maxChars }: { message: QueuedMessage; maxChars: number }) {
  const t = useT();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(message.text);
  const canKeep = text.trim() !== "" && excessOf(text, maxChars) <= 0;
  const keep = () => {
    if (canKeep) putInOutbox({ ...message, text: text.trim(), isHeld: false, refusal: null });
  };
  return (
    <form
      className={styles.editor}
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
        onText={setText}
        onKeyDown={(event) => {
          if (!isSendKey(event.nativeEvent)) return;
          event.preventDefault();
          keep();
        }}
      />
      <div className={styles.actions}>
        <Button tone="quiet" onClick={() => putInOutbox({ ...message, isHeld: false })}>
          {t("common.cancel")}
        </Button>
        <Button tone="primary" type="submit" disabled={!canKeep}>
          {t("outbox.save")}
        </Button>
      </div>
    </form>
  );
}
