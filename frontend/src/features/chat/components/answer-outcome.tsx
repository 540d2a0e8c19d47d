import { RotateCcw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { AssistantMessageProps } from "@/features/chat/components/assistant-message";
import { WaysOn } from "@/features/chat/components/ways-on";
import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";

/** How it ended, when not well. Only the last answer's end is news: it is the one that can be gone on with. */
export function AnswerOutcome(props: AssistantMessageProps) {
  const t = useT();
  const serverText = useServerText();
  const { message, onRetry, onAgain } = props;
  const { live, state, text, error, finish_reason } = message;
  const isNews = live !== null || onRetry !== null;
  const waysOn = <WaysOn {...props} />;
  if (state === "failed") {
    const reason = (error && serverText(error.code, error.detail)) || t("answer.failed");
    return (
      <Notice tone="danger" isNews={isNews} action={waysOn}>
        {text ? `${reason} ${t("answer.kept")}` : reason}
      </Notice>
    );
  }
  if (state === "stopped") {
    return (
      <Notice isNews={isNews} action={waysOn}>
        {t("answer.stopped")}
      </Notice>
    );
  }
  if (text === "") {
    const again = onAgain && (
      <Button icon={<RotateCcw aria-hidden />} onClick={onAgain}>
        {t("answer.again")}
      </Button>
    );
    return (
      <Notice isNews={isNews} action={again}>
        {t("answer.empty")}
      </Notice>
    );
  }
  if (finish_reason === "length") {
    return (
      <Notice isNews={isNews} action={waysOn}>
        {t("answer.cut")}
      </Notice>
    );
  }
  return finish_reason === "other" ? <Notice isNews={isNews}>{t("answer.unsure")}</Notice> : null;
}
