import { Copy, Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import sectionStyles from "@/components/ui/section.module.css";
import styles from "@/features/accounts/components/two-step.module.css";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";

const FILE_NAME = "lamla-recovery-codes.txt";

interface RecoveryCodeListProps {
  codes: string[];
  onRenew: () => void;
  onClose: () => void;
}

/** The codes in the open, to be copied or kept as a file. */
export function RecoveryCodeList({ codes, onRenew, onClose }: RecoveryCodeListProps) {
  const t = useT();
  const [isCopied, copy] = useCopy();
  const text = `${codes.join("\n")}\n`;
  return (
    <div className={styles.setup}>
      <p className={sectionStyles.text}>{t("account.recoveryText")}</p>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
      <ul role="list" className={styles.codes} aria-label={t("account.recoveryCodes")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={sectionStyles.actions}>
        <Button icon={<Download aria-hidden />} onClick={() => saveAsFile(text)}>
          {t("account.download")}
        </Button>
        <Button icon={<Copy aria-hidden />} onClick={() => copy(text)}>
          {isCopied ? t("common.copied") : t("account.copy")}
        </Button>
        <Button onClick={onRenew}>{t("account.recoveryRenew")}</Button>
        <Button tone="quiet" onClick={onClose}>
          {t("account.hide")}
        </Button>
      </div>
    </div>
  );
}

function saveAsFile(text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = FILE_NAME;
  link.click();
  URL.revokeObjectURL(link.href);
}
