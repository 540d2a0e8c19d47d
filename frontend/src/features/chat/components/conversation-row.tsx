import { Ellipsis } from "lucide-react";
import { type Ref, useState } from "react";
import { Link } from "wouter";
import { IconButton } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { TitleField } from "@/components/ui/title-field";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import { TITLE_MAX_CHARS } from "@/config/limits";
import { ROUTES } from "@/config/paths";
import styles from "@/features/chat/components/conversation-list.module.css";
import { ConversationItems } from "@/features/chat/components/conversation-menu";
import type { useConversationActions } from "@/features/chat/hooks/use-conversation-actions";
import { useT } from "@/i18n/language";
import { takeLostFocus } from "@/lib/lost-focus";
import type { ConversationSummary } from "@/types/wire";

interface ConversationRowProps {
  conversation: ConversationSummary;
  isOpen: boolean;
  isAnswering: boolean;
  actions: ReturnType<typeof useConversationActions>;
  /** Its place among all rows, for whoever measures it. */
  index: number;
  measure: Ref<HTMLLIElement>;
}

export function ConversationRow(props: ConversationRowProps) {
  const { conversation, isOpen, isAnswering, actions, index, measure } = props;
  const t = useT();
  /** Null until it was renamed, or nearly: then it has the focus that its field had. */
  const [isRenaming, setRenaming] = useState<boolean | null>(null);
  const title = conversation.title || t("list.untitled");
  if (isRenaming) {
    return (
      <li ref={measure} data-index={index}>
        <TitleField
          label={t("list.titleField")}
          maxChars={TITLE_MAX_CHARS}
          title={conversation.title}
          onCancel={() => setRenaming(false)}
          onSave={(next) => {
            setRenaming(false);
            actions.rename(conversation.id, next);
          }}
        />
      </li>
    );
  }
  return (
    <li ref={measure} data-index={index} className={styles.row}>
      <Link
        {...(isRenaming === false ? { ref: takeLostFocus } : {})}
        href={ROUTES.conversation(conversation.id)}
        className={styles.link}
        aria-current={isOpen ? "page" : undefined}
      >
        <span className={styles.title} dir="auto">
          {title}
        </span>
        {isAnswering && (
          <span className={styles.dot}>
            <VisuallyHidden>{t("list.running")}</VisuallyHidden>
          </span>
        )}
      </Link>
      <Menu
        trigger={
          <IconButton
            className={styles.more ?? ""}
            label={t("list.actions", { title })}
            icon={<Ellipsis aria-hidden />}
          />
        }
      >
        <ConversationItems {...{ conversation, actions }} onRename={() => setRenaming(true)} />
      </Menu>
    </li>
  );
}
