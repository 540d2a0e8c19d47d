import { type ClipboardEvent, type KeyboardEvent, type Ref, useLayoutEffect, useRef } from "react";
import styles from "@/features/chat/components/growing-field.module.css";

interface GrowingFieldProps {
  fieldRef?: Ref<HTMLTextAreaElement>;
  label: string;
  placeholder?: string;
  text: string;
  isReadOnly: boolean;
  /** The element that says by how much the text is too long; null when it is not. */
  excessId: string | null;
  onText: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onPaste?: (event: ClipboardEvent) => void;
}

/** A text field as high as its text, up to the limit of the style sheet. */
export function GrowingField({
  fieldRef,
  label,
  isReadOnly,
  excessId,
  text,
  onText,
  ...rest
}: GrowingFieldProps) {
  const wrap = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const field = wrap.current?.querySelector("textarea");
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  return (
    <div ref={wrap}>
      <textarea
        {...rest}
        ref={fieldRef}
        className={styles.field}
        aria-label={label}
        aria-invalid={excessId !== null}
        aria-describedby={excessId ?? undefined}
        rows={1}
        dir="auto"
        enterKeyHint="send"
        readOnly={isReadOnly}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
