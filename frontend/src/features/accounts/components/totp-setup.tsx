import { Copy } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useActivateTotp } from "@/features/accounts/api/second-factors";
import { CodeField } from "@/features/accounts/components/code-field";
import { Form } from "@/features/accounts/components/form";
import { QrCode } from "@/features/accounts/components/qr-code";
import styles from "@/features/accounts/components/two-step.module.css";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useCopy } from "@/hooks/use-copy";
import { useT } from "@/i18n/language";

interface TotpSetupProps {
  secret: string;
  /** The same secret as authenticator apps read it: `otpauth://…`. */
  url: string;
  onClose: () => void;
}

/** Give the secret to an authenticator app, and show a code of it. */
export function TotpSetup({ secret, url, onClose }: TotpSetupProps) {
  const t = useT();
  const activate = useActivateTotp();
  const errors = useFormErrors(activate.error, ["code"]);
  const [isCopied, copy] = useCopy();
  return (
    <div className={styles.setup}>
      <ol className={styles.steps}>
        <li>{t("account.totpScan")}</li>
        <li>{t("account.totpEnter")}</li>
      </ol>
      <QrCode text={url} label={t("account.totpQr")} />
      <div>
        <p className={styles.secret}>{secret}</p>
        <Button tone="quiet" icon={<Copy aria-hidden />} onClick={() => copy(secret)}>
          {isCopied ? t("common.copied") : t("account.totpCopy")}
        </Button>
      </div>
      <Form
        submitLabel={t("account.turnOn")}
        isBusy={activate.isPending}
        failure={errors.general}
        onSubmit={({ text }) => activate.mutate(text("code").trim())}
        actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
      >
        <CodeField label={t("account.appCode")} isNumeric error={errors.of("code")} />
      </Form>
    </div>
  );
}
