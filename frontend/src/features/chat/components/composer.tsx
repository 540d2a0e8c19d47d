import { ArrowUp, Camera, Paperclip, Square } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref, useRef } from "react";
import { IconButton } from "@/components/ui/button";
import { PICTURE_TYPES, UPLOAD_KINDS } from "@/config/limits";
import styles from "@/features/chat/components/composer.module.css";
import { GrowingField } from "@/features/chat/components/growing-field";
import { excessOf, isSendKey } from "@/features/chat/state/message-text";
import { TOUCH, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";

export interface ComposerProps {
  text: string;
  maxChars: number;
  /** The prompt is on its way, the server has not confirmed it. */
  isSending: boolean;
  /** An answer is being written. */
  isBusy: boolean;
  /** Why nothing can be sent now, beside what is in the text; null when it can. */
  hindrance: string | null;
  /** What happens with the text meanwhile. */
  hint: string | null;
  attachments: ReactNode;
  /** What is chosen for the answer: its model, its course. */
  choices: ReactNode;
  fieldRef: Ref<HTMLTextAreaElement>;
  pickerRef: Ref<HTMLInputElement>;
  onText: (text: string) => void;
  onFiles: (files: File[]) => void;
  onSend: () => void;
  onStop: () => void;
}

/** The text, its files, and one button that sends or stops. */
export function Composer(props: ComposerProps) {
  const t = useT();
  const { text, maxChars, isSending, isBusy, hindrance, hint, onText, onFiles, onSend, onStop } = props;
  const canSend = text.trim() !== "" && excessOf(text, maxChars) <= 0 && !isBusy && hindrance === null;

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isSendKey(event.nativeEvent)) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    <form
      className={styles.composer}
      aria-busy={isSending}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSend) onSend();
      }}
    >
      {props.attachments}
      <GrowingField
        fieldRef={props.fieldRef}
        label={t("composer.label")}
        placeholder={t("composer.placeholder")}
        text={text}
        isReadOnly={isSending}
        maxChars={maxChars}
        onText={onText}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      {(hindrance ?? hint) && (
        <p className={styles.hindrance} role="status">
          {hindrance ?? hint}
        </p>
      )}
      <div className={styles.tools}>
        <AttachButton pickerRef={props.pickerRef} isDisabled={isSending} onFiles={onFiles} />
        <CameraButton isDisabled={isSending} onFiles={onFiles} />
        {props.choices}
        <span className={styles.gap} />
        <SendButton isBusy={isBusy} canSend={canSend} onStop={onStop} />
      </div>
    </form>
  );
}

interface SendButtonProps {
  isBusy: boolean;
  canSend: boolean;
  onStop: () => void;
}

/** Send and stop share one place: never both make sense. */
function SendButton({ isBusy, canSend, onStop }: SendButtonProps) {
  const t = useT();
  if (isBusy) {
    const icon = <Square aria-hidden fill="currentColor" />;
    return <IconButton label={t("composer.stop")} tone="plain" icon={icon} onClick={onStop} />;
  }
  return (
    <IconButton
      label={t("composer.send")}
      tone="primary"
      type="submit"
      disabled={!canSend}
      icon={<ArrowUp aria-hidden />}
    />
  );
}

interface AttachButtonProps {
  pickerRef: Ref<HTMLInputElement>;
  isDisabled: boolean;
  onFiles: (files: File[]) => void;
}

function AttachButton({ pickerRef, isDisabled, onFiles }: AttachButtonProps) {
  const t = useT();
  const wrap = useRef<HTMLSpanElement>(null);
  return (
    <span ref={wrap}>
      <input
        ref={pickerRef}
        type="file"
        multiple
        hidden
        accept={UPLOAD_KINDS.join(",")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file may be chosen again after it was removed.
          event.target.value = "";
        }}
      />
      <IconButton
        label={t("composer.attach")}
        icon={<Paperclip aria-hidden />}
        disabled={isDisabled}
        onClick={() => wrap.current?.querySelector("input")?.click()}
      />
    </span>
  );
}

/** A page of a book or an exercise, straight from the camera of what is in the hand. */
function CameraButton({ isDisabled, onFiles }: Omit<AttachButtonProps, "pickerRef">) {
  const t = useT();
  const hasTouch = useMediaQuery(TOUCH);
  const camera = useRef<HTMLInputElement>(null);
  if (!hasTouch) return null;
  return (
    <>
      <input
        ref={camera}
        type="file"
        hidden
        capture="environment"
        accept={PICTURE_TYPES.join(",")}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <IconButton
        label={t("composer.photo")}
        icon={<Camera aria-hidden />}
        disabled={isDisabled}
        onClick={() => camera.current?.click()}
      />
    </>
  );
}
