import { Pencil } from "lucide-react";
import { useState } from "react";
import { TitleField } from "@/components/ui/title-field";
import { TITLE_MAX_CHARS } from "@/config/limits";
import styles from "@/features/chat/components/chat-title.module.css";
import { useT } from "@/i18n/language";
import { takeLostFocus } from "@/lib/lost-focus";

interface ChatTitleProps {
  /** Null of a conversation that has not begun. */
  title: string | null;
  isRenaming: boolean;
  onRenaming: (isRenaming: boolean) => void;
  onRename: (title: string) => void;
}

/** The title of the open conversation; a press changes it. */
export function ChatTitle({ title, isRenaming, onRenaming, onRename }: ChatTitleProps) {
  const t = useT();
  /** The field was left: what it gave way to has its focus. */
  const [wasLeft, setLeft] = useState(false);
  const leave = () => {
    setLeft(true);
    onRenaming(false);
  };
  if (title === null) return <h1 className="visually-hidden">{t("list.untitled")}</h1>;
  if (isRenaming) {
    return (
      <TitleField
        label={t("list.titleField")}
        maxChars={TITLE_MAX_CHARS}
        title={title}
        onCancel={leave}
        onSave={(next) => {
          leave();
          onRename(next);
        }}
      />
    );
  }
  const shown = title || t("list.untitled");
  return (
    <h1 className={styles.heading}>
      <button
        ref={wasLeft ? takeLostFocus : null}
        type="button"
        className={styles.title}
        title={shown}
        aria-label={t("chat.renameTitle", { title: shown })}
        onClick={() => onRenaming(true)}
      >
        <span className={styles.text} dir="auto">
          {shown}
        </span>
        <Pencil aria-hidden className={styles.pencil} />
      </button>
    </h1>
  );
}
