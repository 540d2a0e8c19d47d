import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import styles from "@/features/chat/components/empty-chat.module.css";
import { useT } from "@/i18n/language";

interface EmptyChatProps {
  isWeakModel: boolean;
  onAddFile: () => void;
}

/** One sentence and one action; the small model says here what it is. */
export function EmptyChat({ isWeakModel, onAddFile }: EmptyChatProps) {
  const t = useT();
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>{t("chat.empty")}</h2>
      <p className={styles.hint}>{t("chat.emptyHint")}</p>
      <Button icon={<Plus aria-hidden />} onClick={onAddFile}>
        {t("chat.emptyAction")}
      </Button>
      {isWeakModel && <p className={styles.weak}>{t("model.weak")}</p>}
    </div>
  );
}
