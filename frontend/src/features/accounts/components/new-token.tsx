import { Copy } from "lucide-react";
import { Button } from "@/components/ui/button";
import sectionStyles from "@/components/ui/section.module.css";
import styles from "@/features/accounts/components/two-step.module.css";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";

/** The text of a token that was just made; it cannot be shown again. */
export function NewToken({ token, onClose }: { token: string; onClose: () => void }) {
  const t = useT();
  const [isCopied, copy] = useCopy();
  return (
    <div className={styles.setup} role="status">
      <p className={sectionStyles.text}>{t("account.tokenOnce")}</p>
      <p className={styles.codes}>
        <span className={styles.secret}>{token}</span>
      </p>
      <div className={sectionStyles.actions}>
        <Button tone="primary" icon={<Copy aria-hidden />} onClick={() => copy(token)}>
          {isCopied ? t("common.copied") : t("account.tokenCopy")}
        </Button>
        <Button tone="quiet" onClick={onClose}>
          {t("account.tokenKept")}
        </Button>
      </div>
    </div>
  );
}
