import { Ellipsis, SquarePen } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import styles from "@/app/chat-page.module.css";
import { LazyShareDialog } from "@/app/lazy-share-dialog";
import type { ChatCourse } from "@/app/use-chat-course";
import { IconButton } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { ROUTES } from "@/config/paths";
import { ChatTitle } from "@/features/chat/components/chat-title";
import { ConversationItems } from "@/features/chat/components/conversation-menu";
import { useConversationActions } from "@/features/chat/hooks/use-conversation-actions";
import { CoursePicker } from "@/features/courses/components/course-picker";
import { PHONE, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";
import type { ConversationSummary } from "@/types/wire";

interface ChatHeaderProps {
  conversation: ConversationSummary | null;
  course: ChatCourse;
  /** Whether a new chat would be another page than this one. */
  hasNew: boolean;
}

/** The title of the open conversation, its course, and what can be done with it. */
export function ChatHeader({ conversation, course, hasNew }: ChatHeaderProps) {
  const t = useT();
  const isPhone = useMediaQuery(PHONE);
  const [, navigate] = useLocation();
  const [renamingId, setRenamingId] = useState<string | null>(null);
  const actions = useConversationActions();
  const id = conversation?.id ?? "";
  return (
    <header className={styles.header}>
      <ChatTitle
        title={conversation?.title ?? null}
        isRenaming={renamingId === id}
        onRenaming={(isRenaming) => setRenamingId(isRenaming ? id : null)}
        onRename={(title) => actions.rename(id, title)}
      />
      <div className={styles.headTools}>
        {conversation && (
          <>
            <CoursePicker
              side="bottom"
              align="end"
              isCompact={isPhone}
              courseId={course.courseId}
              onChange={course.setCourse}
            />
            <HeaderMenu {...{ conversation, actions }} onRename={() => setRenamingId(id)} />
          </>
        )}
        {isPhone && hasNew && (
          <IconButton
            label={t("list.new")}
            icon={<SquarePen aria-hidden />}
            onClick={() => navigate(ROUTES.home)}
          />
        )}
      </div>
    </header>
  );
}

interface HeaderMenuProps {
  conversation: ConversationSummary;
  actions: ReturnType<typeof useConversationActions>;
  onRename: () => void;
}

function HeaderMenu({ conversation, actions, onRename }: HeaderMenuProps) {
  const t = useT();
  const [sharedId, setSharedId] = useState<string | null>(null);
  return (
    <>
      <Menu trigger={<IconButton label={t("chat.actions")} icon={<Ellipsis aria-hidden />} />}>
        <ConversationItems
          {...{ conversation, actions, onRename }}
          onShare={() => setSharedId(conversation.id)}
        />
      </Menu>
      {sharedId === conversation.id && (
        <LazyShareDialog conversation={conversation} onClose={() => setSharedId(null)} />
      )}
    </>
  );
}
