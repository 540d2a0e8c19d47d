import { Pencil } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { BranchSwitcher } from "@/features/chat/components/branch-switcher";
import styles from "@/features/chat/components/message.module.css";
import { MessageEditor } from "@/features/chat/components/message-editor";
import { readEdit, writeEdit } from "@/features/chat/state/edits";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useCommand } from "@/hooks/use-command";
import { useT } from "@/i18n/language";
import type { FilePart } from "@/types/wire";

interface UserMessageProps {
  message: VisibleMessage;
  maxChars: number;
  file: (part: FilePart) => ReactNode;
  isBusy: boolean;
  /** The one that the command for it edits. */
  isLastQuestion: boolean;
  /** A new version of it is on its way. */
  isSending: boolean;
  onEdit: (text: string) => void;
  onSwitch: (messageId: string, place: Element) => void;
}

/** Longer ones are folded, so that a pasted chapter does not push its answer away. */
const FOLD_CHARS = 1_200;
const FOLD_LINES = 14;

export function UserMessage(props: UserMessageProps) {
  const t = useT();
  const { message, isBusy } = props;
  const pencil = useRef<HTMLButtonElement>(null);
  const { editedId, setEditedId, isAsked, edit } = useEditing(message);
  const canEdit = !isBusy && message.client_message_id !== null;
  useCommand("editMessage", props.isLastQuestion && canEdit ? edit : null);
  // The new version has come, or another one is shown: what was edited is not here any more.
  if (editedId !== null && editedId !== message.id) setEditedId(null);
  if (editedId === message.id) {
    const cancel = () => {
      writeEdit(message.client_message_id, null);
      setEditedId(null);
      // It comes back with the text.
      requestAnimationFrame(() => pencil.current?.focus());
    };
    return (
      <article className={styles.user}>
        <h2 className="visually-hidden">{t("chat.you")}</h2>
        <Files {...props} />
        <MessageEditor
          text={message.text}
          clientMessageId={message.client_message_id}
          takesFocus={isAsked}
          {...props}
          onSend={props.onEdit}
          onCancel={cancel}
        />
      </article>
    );
  }
  return (
    <article className={styles.user}>
      <h2 className="visually-hidden">{t("chat.you")}</h2>
      <Files {...props} />
      <div className={styles.said}>
        <IconButton
          ref={pencil}
          className={styles.edit ?? ""}
          label={t("message.edit")}
          icon={<Pencil aria-hidden />}
          disabled={!canEdit}
          onClick={edit}
        />
        <FoldedText text={message.text} />
      </div>
      <BranchSwitcher
        className={styles.versions ?? ""}
        siblings={message.siblings}
        isDisabled={isBusy}
        onSwitch={props.onSwitch}
      />
    </article>
  );
}

/** Whether the question is being put another way: since somebody asked to, or since that was begun and never sent. */
function useEditing({ id, client_message_id: clientMessageId, text }: VisibleMessage) {
  const [editedId, setEditedId] = useState(() => (isBegun(clientMessageId, text) ? id : null));
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    // It was sent: this is it.
    if (!isBegun(clientMessageId, text)) writeEdit(clientMessageId, null);
  }, [clientMessageId, text]);
  const edit = () => {
    setAsked(true);
    setEditedId(id);
  };
  return { editedId, setEditedId, isAsked, edit };
}

function isBegun(clientMessageId: string | null, text: string): boolean {
  const begun = readEdit(clientMessageId);
  return begun !== null && begun.trim() !== text;
}

function Files({ message, file }: UserMessageProps) {
  return message.parts
    .filter((part) => part.type === "file")
    .map((part) => <div key={part.document_id}>{file(part)}</div>);
}

function FoldedText({ text }: { text: string }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const isLong = text.length > FOLD_CHARS || text.split("\n").length > FOLD_LINES;
  return (
    <div className={styles.bubble}>
      <p dir="auto" className={isLong && !isOpen ? styles.folded : undefined}>
        {text}
      </p>
      {isLong && (
        <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? "message.less" : "message.all")}
          <VisuallyHidden>: {t("chat.you")}</VisuallyHidden>
        </button>
      )}
    </div>
  );
}
