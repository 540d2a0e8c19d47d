import { Check, Copy, Info, Quote, RotateCcw } from "lucide-react";
import { useMemo } from "react";
import type { InlineContext } from "@/components/markdown/inline";
import { Markdown } from "@/components/markdown/markdown";
import { Button, IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import styles from "@/features/chat/components/message.module.css";
import { isFinal } from "@/features/chat/state/stream-reducer";
import type { VisibleMessage } from "@/features/chat/state/visible-messages";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

interface AssistantMessageProps {
  message: VisibleMessage;
  onPassages: (passages: SourcePart[], selected: number | null) => void;
  /** Answers the same question anew; null where that cannot be offered. */
  onRetry: (() => void) | null;
}

export function AssistantMessage({ message, onPassages, onRetry }: AssistantMessageProps) {
  const t = useT();
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
      <Progress message={message} />
      {parts.map((part) =>
        part.type === "notice" ? (
          <p key={part.code} className={styles.notice}>
            <Info aria-hidden />
            {part.message}
          </p>
        ) : null,
      )}
      {!isOpen && <Outcome message={message} onRetry={onRetry} />}
      {!isOpen && text && (
        <footer className={styles.foot}>
          {passages.length > 0 && (
            <Button tone="quiet" icon={<Quote aria-hidden />} onClick={() => onPassages(passages, null)}>
              {t("answer.passages", { n: passages.length })}
            </Button>
          )}
          <CopyAnswer text={text} />
        </footer>
      )}
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
function Progress({ message: { live, text } }: { message: VisibleMessage }) {
  const t = useT();
  if (!live || isFinal(live)) return null;
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

/** How it ended, when not well. Only the last answer's end is news: it is the one that can be asked again. */
function Outcome({ message, onRetry }: Omit<AssistantMessageProps, "onPassages">) {
  const t = useT();
  const { live, state, text, error, finish_reason } = message;
  const retry = onRetry && (
    <Button icon={<RotateCcw aria-hidden />} onClick={onRetry}>
      {t("common.retry")}
    </Button>
  );
  const common = { action: retry, isNews: live !== null || onRetry !== null };
  if (state === "failed") {
    return (
      <Notice tone="danger" {...common}>
        {error?.detail || t("answer.failed")}
      </Notice>
    );
  }
  if (state === "stopped") return <Notice {...common}>{t("answer.stopped")}</Notice>;
  if (text === "") return <Notice {...common}>{t("answer.empty")}</Notice>;
  if (finish_reason === "length") return <Notice isNews={common.isNews}>{t("answer.cut")}</Notice>;
  return finish_reason === "other" ? <Notice isNews={common.isNews}>{t("answer.unsure")}</Notice> : null;
}

function CopyAnswer({ text }: { text: string }) {
  const t = useT();
  const [isCopied, copy] = useCopy();
  return (
    <IconButton
      label={isCopied ? t("common.copied") : t("answer.copy")}
      icon={isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
      onClick={() => copy(text)}
    />
  );
}
