import { Info } from "lucide-react";
import { useMemo } from "react";
import type { Mark } from "@/components/markdown/grammar";
import type { InlineContext } from "@/components/markdown/inline";
import { LazyMarkdown } from "@/components/markdown/lazy-markdown";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { AnswerFoot } from "@/features/chat/components/answer-foot";
import { AnswerOutcome } from "@/features/chat/components/answer-outcome";
import styles from "@/features/chat/components/message.module.css";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import type { ModelChoice } from "@/features/chat/types";
import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

export interface AssistantMessageProps {
  message: VisibleMessage;
  /** Opens the sources of an answer at the one of this index. */
  onPassages: (sources: SourcePart[], index: number) => void;
  /** Has the question answered after all, if the answer is not whole; null where that cannot be offered. */
  onRetry: (() => void) | null;
  /** Goes on with the answer where it ended, by the model that is named; null where that cannot be offered. */
  onContinue: ((choice: ModelChoice | null) => void) | null;
  /** Has another answer made beside this one; null while one is being written. */
  onAgain: (() => void) | null;
  /** Goes on reading an answer that rests here. */
  onResume: () => void;
  onSwitch: (messageId: string, place: Element) => void;
}

export function AssistantMessage(props: AssistantMessageProps) {
  const t = useT();
  const serverText = useServerText();
  const { message, onPassages } = props;
  const { live, parts, text } = message;
  const isOpen = live !== null && !isFinal(live);
  const passages = parts.filter((part) => part.type === "source");
  const reasoning = parts.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("\n\n");
  const context = useCitations(passages, onPassages);
  return (
    <article className={styles.assistant} aria-busy={isOpen}>
      <h2 className="visually-hidden">{t("chat.assistant")}</h2>
      {reasoning && (
        <details className={styles.reasoning}>
          <summary>{t("answer.thinking")}</summary>
          <p dir="auto">{reasoning}</p>
        </details>
      )}
      {text && <LazyMarkdown text={text} isOpen={isOpen} context={context} />}
      <Progress message={message} onResume={props.onResume} />
      {parts.map((part) =>
        part.type === "notice" ? (
          <p key={part.code} className={styles.notice}>
            <Info aria-hidden />
            {serverText(part.code, part.message)}
          </p>
        ) : null,
      )}
      {!isOpen && <AnswerOutcome {...props} />}
      {!isOpen && <AnswerFoot {...props} passages={passages} />}
    </article>
  );
}

/** `[2]` in the text opens what it rests on, if that is known. The same passages give the same context: blocks stay as drawn. */
function useCitations(
  passages: SourcePart[],
  onPassages: AssistantMessageProps["onPassages"],
): InlineContext {
  const key = JSON.stringify(passages);
  return useMemo(() => {
    const known = JSON.parse(key) as SourcePart[];
    return {
      citation: (mark) => {
        const index = sourceOf(known, mark);
        const source = known[index];
        return source ? <Citation source={source} onOpen={() => onPassages(known, index)} /> : null;
      },
    };
  }, [key, onPassages]);
}

/** Where the claim of a mark is among the sources: those of one number come in the order of their marks. */
function sourceOf(sources: SourcePart[], { n, before }: Mark): number {
  const indices = sources.flatMap((source, index) => (source.n === n && source.cited ? [index] : []));
  return indices[before] ?? indices.at(-1) ?? -1;
}

/** `[2]` as a button; one whose page does not bear the claim is seen, and said, to be so. */
function Citation({
  source: { n, verified, document_id },
  onOpen,
}: {
  source: SourcePart;
  onOpen: () => void;
}) {
  const t = useT();
  const doubt = document_id ? t("source.unverified") : t("source.unknown", { n });
  const label = t("answer.citation", { n });
  return (
    <button
      type="button"
      className={verified ? styles.citation : `${styles.citation} ${styles.doubtful}`}
      aria-label={verified ? label : `${label}. ${doubt}`}
      title={verified ? undefined : doubt}
      onClick={onOpen}
    >
      {n}
      {!verified && <span aria-hidden>?</span>}
    </button>
  );
}

/** What goes on while there is no new text to see. */
function Progress({
  message: { live, text },
  onResume,
}: Pick<AssistantMessageProps, "message" | "onResume">) {
  const t = useT();
  if (!live || isFinal(live)) return null;
  if (live.phase === "parked") {
    return (
      <Notice isNews action={<Button onClick={onResume}>{t("answer.resume")}</Button>}>
        {t("answer.parked")}
      </Notice>
    );
  }
  const isReconnecting = live.phase === "reconnecting";
  if (isReconnecting || text === "") {
    return (
      <p className={styles.progress}>
        <span className={styles.pulse} aria-hidden />
        {t(isReconnecting ? "answer.reconnecting" : "answer.preparing")}
      </p>
    );
  }
  return <span className={styles.caret} aria-hidden />;
}
