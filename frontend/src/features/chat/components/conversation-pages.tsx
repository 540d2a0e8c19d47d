import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useConversations } from "@/features/chat/api/list-conversations";
import { ConversationGroups } from "@/features/chat/components/conversation-groups";
import styles from "@/features/chat/components/conversation-list.module.css";
import { usePeriodText } from "@/features/chat/hooks/use-period-text";
import { groupByTime } from "@/features/chat/state/group-by-time";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import type { ConversationSummary } from "@/types/wire";

interface PagesProps {
  openId: string | null;
  /** The course whose conversations are listed; null for all. */
  courseId: string | null;
  scroller: RefObject<HTMLElement | null>;
}

type List = ReturnType<typeof useConversations>;

/** All that is not archived: what is pinned, then the rest by time. */
export function PresentConversations({ openId, courseId, scroller }: PagesProps) {
  const t = useT();
  const periodText = usePeriodText();
  const pinned = useConversations({ courseId, view: "pinned" });
  const recent = useConversations({ courseId, view: "recent" });
  const groups = [
    { name: t("list.pinned"), items: itemsOf(pinned) },
    ...groupByTime(itemsOf(recent), new Date()).map(({ period, items }) => ({
      name: periodText(period),
      items,
    })),
  ].filter(({ items }) => items.length > 0);
  return (
    <Loaded lists={[pinned, recent]} hasItems={groups.length > 0}>
      {groups.length === 0 && (
        <p className={styles.empty}>{t(courseId ? "list.emptyCourse" : "list.empty")}</p>
      )}
      <ConversationGroups {...{ groups, openId, scroller }} />
    </Loaded>
  );
}

export function ArchivedConversations({ openId, courseId, scroller }: PagesProps) {
  const t = useT();
  const archived = useConversations({ courseId, view: "archived" });
  const items = itemsOf(archived);
  return (
    <Loaded lists={[archived]} hasItems={items.length > 0}>
      {items.length === 0 ? (
        <p className={styles.empty}>{t("list.archivedEmpty")}</p>
      ) : (
        <ConversationGroups groups={[{ name: t("list.toArchived"), items }]} {...{ openId, scroller }} />
      )}
    </Loaded>
  );
}

function itemsOf({ data }: List): ConversationSummary[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

interface LoadedProps {
  lists: List[];
  hasItems: boolean;
  children: ReactNode;
}

/** The lists once they are here, with what comes after their end, or why they are not here. */
function Loaded({ lists, hasItems, children }: LoadedProps) {
  const t = useT();
  const errorText = useErrorText();
  const failed = lists.find(({ isError, data }) => isError && !data);
  if (failed && !hasItems) {
    const retry = () => lists.forEach((list) => void list.refetch());
    return (
      <Notice tone="danger" action={<Button onClick={retry}>{t("common.retry")}</Button>}>
        {t("list.failed")} {errorText(failed.error)}
      </Notice>
    );
  }
  if (lists.some(({ isPending }) => isPending) && !failed)
    return <Skeleton label={t("common.loading")} lines={[70, 85, 60, 78, 66]} />;
  return (
    <>
      {children}
      {lists.map((list, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lists never change places
        <More key={index} list={list} />
      ))}
    </>
  );
}

/** The next page comes when its button is about to be seen, or pressed. */
function More({ list }: { list: UseInfiniteQueryResult }) {
  const t = useT();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const place = button.current;
    if (!place || isFetchingNextPage || isFetchNextPageError) return undefined;
    const sight = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage();
      },
      { rootMargin: "200px" },
    );
    sight.observe(place);
    return () => sight.disconnect();
  }, [isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <>
      {isFetchNextPageError && <Notice tone="danger">{t("list.moreFailed")}</Notice>}
      <Button ref={button} tone="quiet" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t("common.more")}
      </Button>
    </>
  );
}
