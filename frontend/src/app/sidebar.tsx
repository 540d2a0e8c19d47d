import { Library, SquarePen } from "lucide-react";
import { Link } from "wouter";
import { PaletteButton } from "@/app/palette-button";
import { SettingsMenu } from "@/app/settings-menu";
import type { Place } from "@/app/shell";
import styles from "@/app/shell.module.css";
import { ROUTES } from "@/config/paths";
import { GuestInvitation } from "@/features/accounts/components/guest-invitation";
import { ConversationList } from "@/features/chat/components/conversation-list";
import { CourseFilter } from "@/features/courses/components/course-filter";
import { useT } from "@/i18n/language";

interface SidebarProps {
  conversationId: string | null;
  place: Place;
  /** The course whose conversations are listed; null for all. */
  courseId: string | null;
  onCourse: (courseId: string | null) => void;
}

/** New chat, the files, the conversations, the settings: beside the page, or in a sheet on a phone. */
export function Sidebar({ conversationId, place, courseId, onCourse }: SidebarProps) {
  const t = useT();
  return (
    <>
      <Link
        href={ROUTES.newChat(courseId)}
        className={styles.new}
        aria-current={place === "chat" && !conversationId ? "page" : undefined}
      >
        <SquarePen aria-hidden />
        {t("list.new")}
      </Link>
      <Link
        href={ROUTES.library}
        className={styles.new}
        aria-current={place === "library" ? "page" : undefined}
      >
        <Library aria-hidden />
        {t("library.title")}
      </Link>
      <ConversationList
        openId={conversationId}
        courseId={courseId}
        filter={<CourseFilter courseId={courseId} onChange={onCourse} />}
      />
      <GuestInvitation />
      <div className={styles.settings}>
        <SettingsMenu />
        <PaletteButton />
      </div>
    </>
  );
}
