import { Check, Copy, Quote, RefreshCw } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { AnswerFeedback } from "@/features/chat/components/answer-feedback";
import { AnswerReceipt } from "@/features/chat/components/answer-receipt";
import type { AssistantMessageProps } from "@/features/chat/components/assistant-message";
import { BranchSwitcher } from "@/features/chat/components/branch-switcher";
import styles from "@/features/chat/components/message.module.css";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

/** What can be done with an answer: see what it rests on, copy it, have another one, go to the others. */
export function AnswerFoot(props: AssistantMessageProps & { passages: SourcePart[] }) {
  const t = useT();
  const { message, passages, onPassages, onAgain, onSwitch } = props;
  const { text, siblings } = message;
  const isCited = passages.some(({ cited }) => cited);
  const count = countOf(passages, isCited);
  if (!text && siblings.ids.length < 2) return null;
  return (
    <footer className={styles.foot}>
      {passages.length > 0 && (
        <Button tone="quiet" icon={<Quote aria-hidden />} onClick={() => onPassages(passages, 0)}>
          {count === 0 ? t("source.title") : t(isCited ? "answer.passages" : "answer.given", { n: count })}
        </Button>
      )}
      {text && <CopyAnswer text={text} />}
      {text && !isRetried(props) && (
        <IconButton
          label={t("answer.again")}
          icon={<RefreshCw aria-hidden />}
          disabled={!onAgain}
          onClick={() => onAgain?.()}
        />
      )}
      {text && <AnswerFeedback message={message} />}
      {text && <AnswerReceipt message={message} />}
      <BranchSwitcher siblings={siblings} isDisabled={!onAgain} onSwitch={onSwitch} />
    </footer>
  );
}

/** Several claims may rest on one passage; a claim that its page does not bear rests on none. */
function countOf(sources: SourcePart[], isCited: boolean): number {
  return new Set(sources.filter(({ verified }) => verified || !isCited).map(({ n }) => n)).size;
}

/** Whether the notice of how it ended offers to ask again. */
function isRetried({ message: { state }, onRetry }: AssistantMessageProps): boolean {
  return onRetry !== null && state !== "complete";
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
