import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import dialog from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";
import styles from "@/features/chat/components/feedback-dialog.module.css";
import { useT } from "@/i18n/language";
import type { FeedbackReason } from "@/types/wire";

const REASONS: FeedbackReason[] = ["wrong", "incomplete", "off_topic", "sources", "harmful", "other"];
const COMMENT_MAX_CHARS = 2000;

interface FeedbackDialogProps {
  onSend: (reason: FeedbackReason | null, comment: string) => void;
  onClose: () => void;
}

/** Asks what is wrong with an answer: a reason, a few words, or neither. */
export function FeedbackDialog({ onSend, onClose }: FeedbackDialogProps) {
  const t = useT();
  const id = useId();
  const [reason, setReason] = useState<FeedbackReason | null>(null);
  const [comment, setComment] = useState("");
  return (
    <Modal className={dialog.dialog} labelledBy={`${id}-title`} describedBy={`${id}-text`} onClose={onClose}>
      <form
        className={dialog.content}
        onSubmit={(event) => {
          event.preventDefault();
          onSend(reason, comment.trim());
        }}
      >
        <h2 id={`${id}-title`}>{t("feedback.title")}</h2>
        <p id={`${id}-text`}>{t("feedback.text")}</p>
        <fieldset className={styles.reasons}>
          <legend className="visually-hidden">{t("feedback.title")}</legend>
          {REASONS.map((each) => (
            <label key={each} className={styles.reason}>
              <input
                type="radio"
                name={`${id}-reason`}
                checked={reason === each}
                onChange={() => setReason(each)}
              />
              {t(`feedback.reason.${each}`)}
            </label>
          ))}
        </fieldset>
        <label className={styles.comment}>
          {t("feedback.comment")}
          <textarea
            rows={2}
            maxLength={COMMENT_MAX_CHARS}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        <div className={`${dialog.actions} ${styles.actions}`}>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button tone="primary" type="submit" disabled={!reason && !comment.trim()}>
            {t("feedback.send")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
