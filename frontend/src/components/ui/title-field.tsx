import { useState } from "react";
import styles from "@/components/ui/title-field.module.css";

interface TitleFieldProps {
  label: string;
  title: string;
  maxChars: number;
  onSave: (title: string) => void;
  onCancel: () => void;
}

/** A title while it is being changed: Enter and leaving save it, Esc keeps the old one. */
export function TitleField({ label, title, maxChars, onSave, onCancel }: TitleFieldProps) {
  const [text, setText] = useState(title);
  const finish = () => {
    const next = text.trim();
    if (next && next !== title) onSave(next);
    else onCancel();
  };
  return (
    <input
      className={styles.field}
      aria-label={label}
      maxLength={maxChars}
      value={text}
      ref={(field) => field?.focus()}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.nativeEvent.isComposing) {
          // It is not to press what has the focus next.
          event.preventDefault();
          finish();
        }
        if (event.key !== "Escape") return;
        // The field takes this key for itself: a sheet around it stays open.
        event.preventDefault();
        onCancel();
      }}
    />
  );
}
