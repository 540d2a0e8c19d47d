import { Pencil } from "lucide-react";
import { useState } from "react";
import { TitleField } from "@/components/ui/title-field";
import { TITLE_MAX_CHARS } from "@/config/limits";
import { useRenameConversation } from "@/features/chat/api/update-conversation";
import styles from "@/features/chat/components/chat-title.module.css";
import { useT } from "@/i18n/language";

/** The title of the open conversation; a press changes it. */
export function ChatTitle({ conversation }: { conversation: { id: string; title: string } | null }) {
  const t = useT();
  const rename = useRenameConversation();
  const [renamingId, setRenamingId] = useState<string | null>(null);
  if (!conversation) return <h1 className="visually-hidden">{t("list.untitled")}</h1>;
  const { id } = conversation;
  const title = (rename.isPending ? rename.variables.title : conversation.title) || t("list.untitled");
  if (renamingId === id) {
    return (
      <TitleField
        label={t("list.titleField")}
        maxChars={TITLE_MAX_CHARS}
        title={conversation.title}
        onCancel={() => setRenamingId(null)}
        onSave={(next) => {
          setRenamingId(null);
          rename.mutate({ id, title: next });
        }}
      />
    );
  }
  return (
    <h1 className={styles.heading}>
      <button
        type="button"
        className={styles.title}
        title={rename.isError ? t("list.renameFailed") : title}
        aria-label={t("chat.renameTitle", { title })}
        onClick={() => setRenamingId(id)}
      >
        <span className={styles.text}>{title}</span>
        <Pencil aria-hidden className={styles.pencil} />
      </button>
    </h1>
  );
}
