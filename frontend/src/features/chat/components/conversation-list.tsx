import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useDeleteConversation } from "@/features/chat/api/delete-conversation";
import { useConversations } from "@/features/chat/api/list-conversations";
import { useRenameConversation } from "@/features/chat/api/update-conversation";
import styles from "@/features/chat/components/conversation-list.module.css";
import { ConversationRow } from "@/features/chat/components/conversation-row";
import { useLive } from "@/features/chat/hooks/use-live-feed";
import { groupByDay } from "@/features/chat/state/group-by-day";
import { isAnswering } from "@/features/chat/state/live-feed";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";

interface ConversationListProps {
  openId: string | null;
  /** The course whose conversations are listed; null for all. */
  courseId: string | null;
  onDeleted: (id: string) => void;
}

export function ConversationList({ openId, courseId, onDeleted }: ConversationListProps) {
  const t = useT();
  const errorText = useErrorText();
  const list = useConversations(courseId);
  const live = useLive();
  const rename = useRenameConversation();
  const remove = useDeleteConversation();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  if (list.isPending) return <Skeleton label={t("common.loading")} lines={[70, 85, 60, 78, 66]} />;
  if (list.isError && items.length === 0) {
    return (
      <Notice tone="danger" action={<Button onClick={() => void list.refetch()}>{t("common.retry")}</Button>}>
        {t("list.failed")} {errorText(list.error)}
      </Notice>
    );
  }
  if (items.length === 0)
    return <p className={styles.empty}>{t(courseId ? "list.emptyCourse" : "list.empty")}</p>;
  return (
    <>
      {rename.isError && <Notice tone="danger">{t("list.renameFailed")}</Notice>}
      {remove.isError && <Notice tone="danger">{t("list.deleteFailed")}</Notice>}
      {groupByDay(items, new Date()).map(({ day, items: group }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h3 id={`day-${day}`} className={styles.day}>
            {t(`list.${day}`)}
          </h3>
          {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
          <ul role="list" className={styles.list}>
            {group.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                isOpen={conversation.id === openId}
                isAnswering={isAnswering(live, conversation.id, conversation.running)}
                onRename={(title) => rename.mutate({ id: conversation.id, title })}
                onDelete={() =>
                  remove.mutate(conversation.id, { onSuccess: () => onDeleted(conversation.id) })
                }
              />
            ))}
          </ul>
        </section>
      ))}
      {list.hasNextPage && (
        <Button tone="quiet" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}
