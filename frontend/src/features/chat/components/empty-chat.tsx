import { ArrowUpRight, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import styles from "@/features/chat/components/empty-chat.module.css";
import { useT } from "@/i18n/language";

interface EmptyChatProps {
  isWeakModel: boolean;
  /** Questions to begin with; an ellipsis is for the student to fill in. */
  suggestions: string[];
  onAddFile: () => void;
  /** Puts a question into the composer. */
  onSuggest: (text: string) => void;
}

/** One sentence and one action, then ways to begin; the small model says here what it is. */
export function EmptyChat({ isWeakModel, suggestions, onAddFile, onSuggest }: EmptyChatProps) {
  const t = useT();
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>{t("chat.empty")}</h2>
      <p className={styles.hint}>{t("chat.emptyHint")}</p>
      <Button icon={<Plus aria-hidden />} onClick={onAddFile}>
        {t("chat.emptyAction")}
      </Button>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
      <ul role="list" className={styles.suggestions} aria-label={t("chat.suggestions")}>
        {suggestions.map((text) => (
          <li key={text}>
            <button type="button" className={styles.suggestion} onClick={() => onSuggest(text)}>
              <span>{text}</span>
              <ArrowUpRight aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {isWeakModel && <p className={styles.weak}>{t("model.weak")}</p>}
    </div>
  );
}
