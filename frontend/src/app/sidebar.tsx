import { SquarePen } from "lucide-react";
import { Link, useLocation } from "wouter";
import { SettingsMenu } from "@/app/settings-menu";
import styles from "@/app/shell.module.css";
import { ROUTES } from "@/config/paths";
import { GuestInvitation } from "@/features/accounts/components/guest-invitation";
import { ConversationList } from "@/features/chat/components/conversation-list";
import { useT } from "@/i18n/language";

/** New chat, the conversations, the settings: beside the chat, or in a sheet on a phone. */
export function Sidebar({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const [, navigate] = useLocation();
  return (
    <>
      <Link href={ROUTES.home} className={styles.new} aria-current={conversationId ? undefined : "page"}>
        <SquarePen aria-hidden />
        {t("list.new")}
      </Link>
      <div className={styles.list}>
        <ConversationList
          openId={conversationId}
          onDeleted={(id) => {
            if (id === conversationId) navigate(ROUTES.home);
            // What had the focus went with the conversation.
            document.getElementById("chat")?.focus();
          }}
        />
      </div>
      <GuestInvitation />
      <div className={styles.settings}>
        <SettingsMenu />
      </div>
    </>
  );
}
