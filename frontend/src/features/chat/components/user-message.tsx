import { type ReactNode, useState } from "react";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import styles from "@/features/chat/components/message.module.css";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useT } from "@/i18n/language";
import type { FilePart } from "@/types/wire";

interface UserMessageProps {
  message: VisibleMessage;
  file: (part: FilePart) => ReactNode;
}

/** Longer ones are folded, so that a pasted chapter does not push its answer away. */
const FOLD_CHARS = 1_200;
const FOLD_LINES = 14;

export function UserMessage({ message, file }: UserMessageProps) {
  const t = useT();
  const files = message.parts.filter((part) => part.type === "file");
  return (
    <article className={styles.user}>
      <h2 className="visually-hidden">{t("chat.you")}</h2>
      {files.map((part) => (
        <div key={part.document_id}>{file(part)}</div>
      ))}
      {message.fileNames.map((name) => (
        <div key={name}>{file({ type: "file", document_id: "", filename: name, media_type: "" })}</div>
      ))}
      <FoldedText text={message.text} />
    </article>
  );
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
