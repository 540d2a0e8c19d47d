import { Archive, ArrowLeft } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { PartFailed } from "@/components/ui/part-failed";
import { SearchField } from "@/components/ui/search-field";
import { Skeleton } from "@/components/ui/skeleton";
import styles from "@/features/chat/components/conversation-list.module.css";
import { ArchivedConversations, PresentConversations } from "@/features/chat/components/conversation-pages";
import { useCommand } from "@/hooks/use-command";
import { partOf, usePart } from "@/hooks/use-part";
import { useT } from "@/i18n/language";
import { takeLostFocus } from "@/lib/lost-focus";

const resultsPart = partOf(() => import("@/features/chat/components/conversation-results"));

interface ConversationListProps {
  openId: string | null;
  /** The course whose conversations are listed; null for all. */
  courseId: string | null;
  /** Chooses the course. */
  filter: ReactNode;
}

/** The conversations, those that were archived, or those where the words of the search stand. */
export function ConversationList({ openId, courseId, filter }: ConversationListProps) {
  const [words, setWords] = useState("");
  /** Null until somebody goes there and back: then what leads there has the focus again. */
  const [isArchive, setArchive] = useState<boolean | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const pages = { openId, courseId, scroller };
  return (
    <div className={styles.place}>
      <ListSearch words={words} onWords={setWords} />
      <div ref={scroller} className={styles.scroller}>
        {words.trim() ? (
          <LazyResults words={words.trim()} openId={openId} />
        ) : isArchive ? (
          <>
            <ToPresent onPress={() => setArchive(false)} />
            <ArchivedConversations {...pages} />
          </>
        ) : (
          <>
            {filter}
            <PresentConversations {...pages} />
            <ToArchive takesFocus={isArchive === false} onPress={() => setArchive(true)} />
          </>
        )}
      </div>
    </div>
  );
}

function ListSearch({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  const t = useT();
  const field = useRef<HTMLInputElement>(null);
  useCommand("search", () => field.current?.focus());
  return (
    <div className={styles.search}>
      <SearchField
        label={t("list.search")}
        placeholder={t("list.search")}
        clearLabel={t("list.searchClear")}
        isSmall
        fieldRef={field}
        {...{ words, onWords }}
      />
    </div>
  );
}

/** The results, fetched with the first search. */
function LazyResults(props: { words: string; openId: string | null }) {
  const t = useT();
  const { module, hasFailed, retry } = usePart(resultsPart);
  if (module) return <module.ConversationResults {...props} />;
  if (hasFailed) return <PartFailed onRetry={retry} />;
  return <Skeleton label={t("common.loading")} lines={[70, 85, 60]} />;
}

function ToArchive({ takesFocus, onPress }: { takesFocus: boolean; onPress: () => void }) {
  const t = useT();
  return (
    <Button
      {...(takesFocus ? { ref: takeLostFocus } : {})}
      tone="quiet"
      className={styles.aside ?? ""}
      icon={<Archive aria-hidden />}
      onClick={onPress}
    >
      {t("list.toArchived")}
    </Button>
  );
}

function ToPresent({ onPress }: { onPress: () => void }) {
  const t = useT();
  return (
    <Button
      ref={takeLostFocus}
      tone="quiet"
      className={styles.aside ?? ""}
      icon={<ArrowLeft aria-hidden />}
      onClick={onPress}
    >
      {t("list.back")}
    </Button>
  );
}
