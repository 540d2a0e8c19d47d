import { Info } from "lucide-react";
import { useMemo } from "react";
import type { InlineContext } from "@/components/markdown/inline";
import { Markdown } from "@/components/markdown/markdown";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { AnswerFoot } from "@/features/chat/components/answer-foot";
import { AnswerOutcome } from "@/features/chat/components/answer-outcome";
import styles from "@/features/chat/components/message.module.css";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

export interface AssistantMessageProps {
  message: VisibleMessage;
  onPassages: (passages: SourcePart[], selected: number | null) => void;
  /** Has the question answered after all, if the answer is not whole; null where that cannot be offered. */
  onRetry: (() => void) | null;
  /** Has another answer made beside this one; null while one is being written. */
  onAgain: (() => void) | null;
  /** Goes on reading an answer that rests here. */
  onResume: () => void;
  onSwitch: (messageId: string, place: Element) => void;
}

export function AssistantMessage(props: AssistantMessageProps) {
  const t = useT();
  const { message, onPassages } = props;
  const { live, parts, text } = message;
  const isOpen = live !== null && !isFinal(live);
  const passages = parts.filter((part) => part.type === "source");
  const reasoning = parts.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("\n\n");
  const context = useCitations(passages, onPassages);
  return (
    <article className={styles.assistant} aria-busy={isOpen} dir="auto">
      <h2 className="visually-hidden">{t("chat.assistant")}</h2>
      {reasoning && (
        <details className={styles.reasoning}>
          <summary>{t("answer.thinking")}</summary>
          <p>{reasoning}</p>
        </details>
      )}
      {text && <Markdown text={text} isOpen={isOpen} context={context} />}
      <Progress message={message} onResume={props.onResume} />
      {parts.map((part) =>
        part.type === "notice" ? (
          <p key={part.code} className={styles.notice}>
            <Info aria-hidden />
            {part.message}
          </p>
        ) : null,
      )}
      {!isOpen && <AnswerOutcome {...props} />}
      {!isOpen && <AnswerFoot {...props} passages={passages} />}
    </article>
  );
}

/** `[2]` in the text opens passage 2, if there is one. The same passages give the same context: blocks stay as drawn. */
function useCitations(
  passages: SourcePart[],
  onPassages: AssistantMessageProps["onPassages"],
): InlineContext {
  const t = useT();
  const key = JSON.stringify(passages);
  return useMemo(() => {
    const known = JSON.parse(key) as SourcePart[];
    return {
      citation: (n) =>
        known.some((passage) => passage.n === n) ? (
          <button
            type="button"
            className={styles.citation}
            aria-label={t("answer.citation", { n })}
            onClick={() => onPassages(known, n)}
          >
            {n}
          </button>
        ) : null,
    };
  }, [key, t, onPassages]);
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
