import { Library, SquarePen } from "lucide-react";
import { Link, useLocation } from "wouter";
import { SettingsMenu } from "@/app/settings-menu";
import styles from "@/app/shell.module.css";
import { ROUTES } from "@/config/paths";
import { GuestInvitation } from "@/features/accounts/components/guest-invitation";
import { ConversationList } from "@/features/chat/components/conversation-list";
import { CourseFilter } from "@/features/courses/components/course-filter";
import { useT } from "@/i18n/language";

interface SidebarProps {
  conversationId: string | null;
  isLibrary: boolean;
  /** The course whose conversations are listed; null for all. */
  courseId: string | null;
  onCourse: (courseId: string | null) => void;
}

/** New chat, the files, the conversations, the settings: beside the page, or in a sheet on a phone. */
export function Sidebar({ conversationId, isLibrary, courseId, onCourse }: SidebarProps) {
  const t = useT();
  const [, navigate] = useLocation();
  return (
    <>
      <Link
        href={ROUTES.newChat(courseId)}
        className={styles.new}
        aria-current={conversationId || isLibrary ? undefined : "page"}
      >
        <SquarePen aria-hidden />
        {t("list.new")}
      </Link>
      <Link href={ROUTES.library} className={styles.new} aria-current={isLibrary ? "page" : undefined}>
        <Library aria-hidden />
        {t("library.title")}
      </Link>
      <div className={styles.list}>
        <CourseFilter courseId={courseId} onChange={onCourse} />
        <ConversationList
          openId={conversationId}
          courseId={courseId}
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
