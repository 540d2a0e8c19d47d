import { type ClipboardEvent, type KeyboardEvent, type Ref, useId, useLayoutEffect, useRef } from "react";
import styles from "@/features/chat/components/growing-field.module.css";
import { excessOf } from "@/features/chat/state/message-text";
import { useT } from "@/i18n/language";

interface GrowingFieldProps {
  fieldRef?: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder?: string;
  text: string;
  isReadOnly: boolean;
  maxChars: number;
  onText: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onPaste?: (event: ClipboardEvent) => void;
}

/** A text field as high as its text, up to the limit of the style sheet; says by how much the text is too long. */
export function GrowingField({
  fieldRef,
  label,
  isReadOnly,
  maxChars,
  text,
  onText,
  ...rest
}: GrowingFieldProps) {
  const t = useT();
  const excessId = useId();
  const excess = excessOf(text, maxChars);
  const wrap = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const field = wrap.current?.querySelector("textarea");
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  return (
    <>
      <div ref={wrap}>
        <textarea
          {...rest}
          ref={fieldRef}
          className={styles.field}
          aria-label={label}
          aria-invalid={excess > 0}
          aria-describedby={excess > 0 ? excessId : undefined}
          rows={1}
          dir="auto"
          enterKeyHint="send"
          readOnly={isReadOnly}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </div>
      {excess > 0 && (
        <p className={styles.excess} id={excessId} role="alert">
          {t("composer.tooLong", { n: excess, max: maxChars })}
        </p>
      )}
    </>
  );
}
