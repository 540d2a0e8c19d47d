import type { RefObject } from "react";
import { useLocation } from "wouter";
import styles from "@/app/chat-page.module.css";
import { LazyQueuedMessages } from "@/app/lazy-queued-messages";
import type { Chat } from "@/app/use-chat";
import { useLostSession } from "@/app/use-lost-session";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ROUTES } from "@/config/paths";
import { Composer } from "@/features/chat/components/composer";
import { ModelPicker } from "@/features/chat/components/model-picker";
import { CoursePicker } from "@/features/courses/components/course-picker";
import { AttachmentList } from "@/features/documents/components/attachment-list";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { ApiProblem } from "@/lib/errors";

interface ChatFooterProps {
  chat: Chat;
  /** The conversation begins with what is sent from here. */
  isNew: boolean;
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  pickerRef: RefObject<HTMLInputElement | null>;
}

/** What went wrong, the composer, and what the small model is. */
export function ChatFooter({ chat, isNew, fieldRef, pickerRef }: ChatFooterProps) {
  const t = useT();
  const { sending, draft, attachments, models, choice, course } = chat;
  const isSending = sending?.message.trigger === "submit" || chat.isWaiting;
  return (
    <div className={styles.footer}>
      <Failure chat={chat} />
      <LazyQueuedMessages
        messages={chat.queued}
        maxChars={chat.limits.message_max_chars}
        onEmpty={() => {
          if (chat.messages.length === 0) chat.giveUp();
          else fieldRef.current?.focus();
        }}
      />
      {draft.isUnsaved && <Notice tone="danger">{t("chat.unsaved")}</Notice>}
      <Composer
        text={draft.text}
        maxChars={chat.limits.message_max_chars}
        isSending={isSending}
        isBusy={chat.isBusy || chat.isWaiting}
        hindrance={attachments.uploads.some(({ error }) => error !== null) ? t("files.notArrived") : null}
        hint={chat.isWaiting ? t("files.goFirst") : null}
        fieldRef={fieldRef}
        pickerRef={pickerRef}
        attachments={<AttachmentList attachments={attachments} isSending={isSending} />}
        choices={
          <>
            {models && <ModelPicker models={models} choice={choice} onChange={chat.setChoice} />}
            {isNew && <CoursePicker courseId={course.courseId} onChange={course.setCourse} />}
          </>
        }
        onText={(text) => {
          chat.forgetFailure();
          draft.setText(text);
        }}
        onFiles={(files) => {
          chat.forgetFailure();
          attachments.add(files);
        }}
        onSend={chat.send}
        onStop={chat.stop}
      />
      {chat.isWeakModel && chat.messages.length > 0 && (
        <p className={styles.weak} title={t("model.weak")}>
          {t("model.weakShort")}
        </p>
      )}
    </div>
  );
}

function Failure({ chat: { failure, repeatFailed, isSwitchFailed } }: { chat: Chat }) {
  const t = useT();
  const errorText = useErrorText();
  const isSignedOut = useLostSession(failure?.error);
  if (isSignedOut) return <SignInAgain />;
  if (!failure) return isSwitchFailed && <Notice tone="danger">{t("version.failed")}</Notice>;
  const isRunning = failure.error instanceof ApiProblem && failure.error.code === "generation_running";
  return (
    <Notice
      tone={isRunning ? "info" : "danger"}
      action={repeatFailed && !isRunning && <Button onClick={repeatFailed}>{t("common.retry")}</Button>}
    >
      {isRunning ? t("error.running") : errorText(failure.error)}
    </Notice>
  );
}

/** The text is in storage: it is in the composer again when one comes back. */
function SignInAgain() {
  const t = useT();
  const [location, navigate] = useLocation();
  return (
    <Notice
      tone="danger"
      action={<Button onClick={() => navigate(ROUTES.logInFor(location))}>{t("chat.logIn")}</Button>}
    >
      {t("chat.signInAgain")}
    </Notice>
  );
}
