import { useState } from "react";
import styles from "@/features/chat/components/title-field.module.css";
import { useT } from "@/i18n/language";

interface TitleFieldProps {
  title: string;
  onSave: (title: string) => void;
  onCancel: () => void;
}

const MAX_TITLE_CHARS = 200;

/** A title while it is being changed: Enter and leaving save it, Esc keeps the old one. */
export function TitleField({ title, onSave, onCancel }: TitleFieldProps) {
  const t = useT();
  const [text, setText] = useState(title);
  const finish = () => {
    const next = text.trim();
    if (next && next !== title) onSave(next);
    else onCancel();
  };
  return (
    <input
      className={styles.field}
      aria-label={t("list.titleField")}
      maxLength={MAX_TITLE_CHARS}
      value={text}
      ref={(field) => field?.focus()}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.nativeEvent.isComposing) finish();
        if (event.key !== "Escape") return;
        // The field takes this key for itself: a sheet around it stays open.
        event.preventDefault();
        onCancel();
      }}
    />
  );
}
