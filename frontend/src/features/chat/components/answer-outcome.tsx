import { RotateCcw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { AssistantMessageProps } from "@/features/chat/components/assistant-message";
import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";

/** How it ended, when not well. Only the last answer's end is news: it is the one that can be asked again. */
export function AnswerOutcome({ message, onRetry, onAgain }: AssistantMessageProps) {
  const t = useT();
  const serverText = useServerText();
  const { live, state, text, error, finish_reason } = message;
  const again = (label: string, onClick: (() => void) | null) =>
    onClick && (
      <Button icon={<RotateCcw aria-hidden />} onClick={onClick}>
        {label}
      </Button>
    );
  const isNews = live !== null || onRetry !== null;
  if (state === "failed") {
    return (
      <Notice tone="danger" isNews={isNews} action={again(t("common.retry"), onRetry)}>
        {(error && serverText(error.code, error.detail)) || t("answer.failed")}
      </Notice>
    );
  }
  if (state === "stopped") {
    return (
      <Notice isNews={isNews} action={again(t("common.retry"), onRetry)}>
        {t("answer.stopped")}
      </Notice>
    );
  }
  if (text === "") {
    return (
      <Notice isNews={isNews} action={again(t("answer.again"), onAgain)}>
        {t("answer.empty")}
      </Notice>
    );
  }
  if (finish_reason === "length") return <Notice isNews={isNews}>{t("answer.cut")}</Notice>;
  return finish_reason === "other" ? <Notice isNews={isNews}>{t("answer.unsure")}</Notice> : null;
}
