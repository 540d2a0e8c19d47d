import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type Opinion, useGiveFeedback } from "@/features/chat/api/give-feedback";
import { FeedbackDialog } from "@/features/chat/components/feedback-dialog";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import type { Message } from "@/types/wire";

/** Whether an answer was good. A bad one is noted at once; what is wrong with it can be said then. */
export function AnswerFeedback({ message: { id, feedback } }: { message: Message }) {
  const t = useT();
  const errorText = useErrorText();
  const give = useGiveFeedback(id);
  const [isAsking, setAsking] = useState(false);
  // What was pressed counts until the server's copy says the same.
  const rating = give.isPending ? give.variables.rating : (feedback?.rating ?? null);
  const say = (opinion: Opinion) => give.mutate(opinion);
  return (
    <>
      <IconButton
        label={t("feedback.good")}
        icon={<ThumbsUp aria-hidden fill={rating === "up" ? "currentColor" : "none"} />}
        aria-pressed={rating === "up"}
        onClick={() => say({ rating: rating === "up" ? null : "up" })}
      />
      <IconButton
        label={t("feedback.bad")}
        icon={<ThumbsDown aria-hidden fill={rating === "down" ? "currentColor" : "none"} />}
        aria-pressed={rating === "down"}
        onClick={() => {
          say({ rating: rating === "down" ? null : "down" });
          setAsking(rating !== "down");
        }}
      />
      {give.isError && <Notice tone="danger">{errorText(give.error)}</Notice>}
      {isAsking && (
        <FeedbackDialog
          onSend={(reason, comment) => {
            setAsking(false);
            if (reason || comment) say({ rating: "down", reason, comment });
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
