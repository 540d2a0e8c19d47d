import { Download, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import buttonStyles from "@/components/ui/button.module.css";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useImport } from "@/features/accounts/api/own-data";
import { DeleteAccountDialog } from "@/features/accounts/components/delete-account-dialog";
import { Failure } from "@/features/accounts/components/loaded";
import { ACCOUNT_API } from "@/features/accounts/paths";
import { useT } from "@/i18n/language";

interface DataSectionProps {
  /** Null for a guest. */
  email: string | null;
  onDeleted: () => void;
}

/** All that is one's own: take it along, bring it, delete it. */
export function DataSection({ email, onDeleted }: DataSectionProps) {
  const t = useT();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <Section title={t("account.data")} intro={t("account.dataIntro")}>
      <div className={styles.actions}>
        <a
          className={`${buttonStyles.button} ${buttonStyles.plain} ${styles.link}`}
          href={ACCOUNT_API.export}
          download
        >
          <Download aria-hidden />
          {t("account.export")}
        </a>
        <ImportButton />
        <Button tone="danger" onClick={() => setDeleting(true)}>
          {email ? t("account.delete") : t("account.deleteGuest")}
        </Button>
      </div>
      {isDeleting && (
        <DeleteAccountDialog email={email} onDeleted={onDeleted} onClose={() => setDeleting(false)} />
      )}
    </Section>
  );
}

function ImportButton() {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  const bring = useImport();
  return (
    <>
      <Button
        icon={<Upload aria-hidden />}
        aria-disabled={bring.isPending}
        onClick={() => !bring.isPending && picker.current?.click()}
      >
        {bring.isPending ? t("account.importing") : t("account.import")}
      </Button>
      <input
        ref={picker}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label={t("account.import")}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) bring.mutate(file);
          target.value = "";
        }}
      />
      {bring.isSuccess && (
        <Notice>
          {t("account.imported", {
            conversations: bring.data.conversations,
            messages: bring.data.messages,
            documents: bring.data.documents,
          })}
        </Notice>
      )}
      <Failure of={bring.error} />
    </>
  );
}
