import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Link } from "wouter";
import styles from "@/app/line-notices.module.css";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ROUTES } from "@/config/paths";
import { useAccount } from "@/features/accounts/api/get-session";
import { KEYS } from "@/features/chat/api/query-keys";
import { useOutbox } from "@/features/chat/hooks/use-outbox";
import { useMomentText } from "@/hooks/use-moment-text";
import { useOnline } from "@/hooks/use-online";
import { useT } from "@/i18n/language";
import { isUpdateReady, subscribeToUpdate, takeUpdate } from "@/lib/page-update";

/** What is to be known of the line, and of the page itself, above whatever is open. */
export function LineNotices({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const isOnline = useOnline();
  const isReady = useSyncExternalStore(subscribeToUpdate, isUpdateReady);
  return (
    <div className={styles.lines}>
      {!isOnline && <Offline conversationId={conversationId} />}
      <QueuedElsewhere conversationId={conversationId} />
      {isReady && (
        <Notice action={<Button onClick={takeUpdate}>{t("update.take")}</Button>}>{t("update.ready")}</Notice>
      )}
    </div>
  );
}

/** What still works, and of when it is what one sees. */
function Offline({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const momentText = useMomentText();
  const cache = useQueryClient().getQueryCache();
  const queryKey = conversationId ? KEYS.conversation(conversationId) : KEYS.lists;
  const newest = () => Math.max(0, ...cache.findAll({ queryKey }).map(({ state }) => state.dataUpdatedAt));
  const at = useSyncExternalStore((listener) => cache.subscribe(listener), newest);
  return (
    <Notice>
      {t("offline.title")} {t("offline.works")} {at > 0 && t("offline.asOf", { time: momentText(at) })}
    </Notice>
  );
}

/** The way to what waits in other conversations: one that has begun without a line stands in no list yet. */
function QueuedElsewhere({ conversationId }: { conversationId: string | null }) {
  const t = useT();
  const elsewhere = useOutbox(useAccount()?.id ?? null).filter(
    (message) => message.conversationId !== conversationId,
  );
  const [first] = elsewhere;
  if (!first) return null;
  return (
    <Notice>
      <Link className={styles.link} href={ROUTES.conversation(first.conversationId)}>
        {t("outbox.elsewhere", { n: elsewhere.length })}
      </Link>
    </Notice>
  );
}
