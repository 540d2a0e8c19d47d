import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, type Ref, useRef } from "react";
import { IconButton } from "@/components/ui/button";
import { UPLOAD_EXTENSIONS } from "@/config/limits";
import styles from "@/features/chat/components/composer.module.css";
import { GrowingField } from "@/features/chat/components/growing-field";
import { excessOf, isSendKey } from "@/features/chat/state/message-text";
import { useT } from "@/i18n/language";

export interface ComposerProps {
  text: string;
  maxChars: number;
  /** The prompt is on its way, the server has not confirmed it. */
  isSending: boolean;
  /** An answer is being written. */
  isBusy: boolean;
  attachments: ReactNode;
  modelPicker: ReactNode;
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
  const { text, maxChars, isSending, isBusy, onText, onFiles, onSend, onStop } = props;
  const canSend = text.trim() !== "" && excessOf(text, maxChars) <= 0 && !isBusy;

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
      <div className={styles.tools}>
        <AttachButton pickerRef={props.pickerRef} isDisabled={isSending} onFiles={onFiles} />
        {props.modelPicker}
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
        accept={UPLOAD_EXTENSIONS.join(",")}
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
