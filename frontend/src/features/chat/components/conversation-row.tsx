import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { TitleField } from "@/components/ui/title-field";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { TITLE_MAX_CHARS } from "@/config/limits";
import { ROUTES } from "@/config/paths";
import styles from "@/features/chat/components/conversation-list.module.css";
import { useT } from "@/i18n/language";
import type { ConversationSummary } from "@/types/wire";

interface ConversationRowProps {
  conversation: ConversationSummary;
  isOpen: boolean;
  isAnswering: boolean;
  onRename: (title: string) => void;
  onDelete: () => void;
}

export function ConversationRow(props: ConversationRowProps) {
  const { conversation, isOpen, isAnswering, onRename, onDelete } = props;
  const t = useT();
  const [isRenaming, setRenaming] = useState(false);
  const title = conversation.title || t("list.untitled");
  if (isRenaming) {
    return (
      <li>
        <TitleField
          label={t("list.titleField")}
          maxChars={TITLE_MAX_CHARS}
          title={conversation.title}
          onCancel={() => setRenaming(false)}
          onSave={(next) => {
            setRenaming(false);
            onRename(next);
          }}
        />
      </li>
    );
  }
  return (
    <li className={styles.row}>
      <Link
        href={ROUTES.conversation(conversation.id)}
        className={styles.link}
        aria-current={isOpen ? "page" : undefined}
      >
        <span className={styles.title}>{title}</span>
        {isAnswering && (
          <span className={styles.dot}>
            <VisuallyHidden>{t("list.running")}</VisuallyHidden>
          </span>
        )}
      </Link>
      <RowActions title={title} onRename={() => setRenaming(true)} onDelete={onDelete} />
    </li>
  );
}

interface RowActionsProps {
  title: string;
  onRename: () => void;
  onDelete: () => void;
}

function RowActions({ title, onRename, onDelete }: RowActionsProps) {
  const t = useT();
  const [isDeleting, setDeleting] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const label = t("list.actions", { title });
  const keep = () => {
    setDeleting(false);
    // The menu item that had the focus is gone; the browser can only give it back to what is there. By then the menu may
    // be open again, which would close if the focus left it.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) button.current?.focus();
    });
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton
            ref={button}
            className={styles.more ?? ""}
            label={label}
            icon={<Ellipsis aria-hidden />}
          />
        }
      >
        <MenuItem icon={<Pencil aria-hidden />} onSelect={onRename}>
          {t("list.rename")}
        </MenuItem>
        <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => setDeleting(true)}>
          {t("list.delete")}
        </MenuItem>
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={t("list.deleteTitle")}
          text={t("list.deleteText", { title })}
          confirmLabel={t("list.delete")}
          cancelLabel={t("common.cancel")}
          onCancel={keep}
          onConfirm={() => {
            setDeleting(false);
            onDelete();
          }}
        />
      )}
    </>
  );
}
