import { Link } from "wouter";
import { Button } from "@/components/ui/button";
import { MarkedText } from "@/components/ui/marked-text";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { SEARCH_PAUSE_MS } from "@/config/limits";
import { ROUTES } from "@/config/paths";
import { useConversationSearch } from "@/features/chat/api/search-conversations";
import styles from "@/features/chat/components/conversation-results.module.css";
import { useErrorText } from "@/hooks/use-error-text";
import { useSettledValue } from "@/hooks/use-settled-value";
import { useT } from "@/i18n/language";
import type { FoundConversation } from "@/types/wire";

interface ConversationResultsProps {
  words: string;
  openId: string | null;
}

/** The conversations where the words stand, and the places in them. */
export function ConversationResults({ words, openId }: ConversationResultsProps) {
  const t = useT();
  const errorText = useErrorText();
  const settled = useSettledValue(words, SEARCH_PAUSE_MS);
  const { data, error, isPending, isPlaceholderData, refetch } = useConversationSearch(settled);
  const isCurrent = data !== undefined && !isPlaceholderData && settled === words;
  const hasNone = isCurrent && data.length === 0;
  return (
    <section aria-label={t("list.results")}>
      <p className={hasNone ? styles.none : "visually-hidden"} role="status">
        {hasNone ? t("list.notFound", { words }) : isCurrent && t("list.found", { n: data.length })}
      </p>
      {isPending && <Skeleton label={t("common.loading")} lines={[70, 92, 60, 88]} />}
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>{t("common.retry")}</Button>}>
          {errorText(error)}
        </Notice>
      )}
      <ol className={styles.results} aria-busy={!isCurrent}>
        {data?.map((found) => (
          <Result key={found.conversation.id} found={found} isOpen={found.conversation.id === openId} />
        ))}
      </ol>
    </section>
  );
}

function Result({ found, isOpen }: { found: FoundConversation; isOpen: boolean }) {
  const t = useT();
  const { conversation, title_marks, hits } = found;
  const { id, title, archived } = conversation;
  return (
    <li className={styles.result}>
      <Link
        href={ROUTES.conversation(id)}
        className={styles.title}
        aria-current={isOpen ? "page" : undefined}
      >
        <span dir="auto">{title ? <MarkedText text={title} marks={title_marks} /> : t("list.untitled")}</span>{" "}
        {archived && <span className={styles.tag}>{t("list.archived")}</span>}
      </Link>
      {hits.map(({ message_id, role, snippet, marks }) => (
        <Link key={message_id} href={ROUTES.message(id, message_id)} className={styles.hit}>
          <span className={styles.said}>
            <span className={styles.who}>{t(role === "user" ? "chat.you" : "chat.assistant")}</span>{" "}
            <span dir="auto">
              <MarkedText text={snippet} marks={marks} />
            </span>
          </span>
        </Link>
      ))}
    </li>
  );
}
