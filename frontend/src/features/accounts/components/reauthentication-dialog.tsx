import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import dialog from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";
import { type Proof, useReauthenticate } from "@/features/accounts/api/reauthenticate";
import { CodeField } from "@/features/accounts/components/code-field";
import { Form } from "@/features/accounts/components/form";
import { PasswordField } from "@/features/accounts/components/password-field";
import styles from "@/features/accounts/components/reauthentication-dialog.module.css";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import type { Flow } from "@/features/accounts/types";
import { hasPasskeys } from "@/features/accounts/webauthn";
import { useT } from "@/i18n/language";

interface ReauthenticationDialogProps {
  flows: Flow[];
  onShown: () => void;
  onCancel: () => void;
}

/** Who is here shows it once more: by the password, a code, or a passkey. */
export function ReauthenticationDialog({ flows, onShown, onCancel }: ReauthenticationDialogProps) {
  const t = useT();
  const titleId = useId();
  const textId = useId();
  const ways = waysIn(flows);
  const [by, setBy] = useState<"password" | "code">(ways.includes("password") ? "password" : "code");
  const prove = useReauthenticate();
  const errors = useFormErrors(prove.error, ["password", "code"]);
  const show = (proof: Proof) => prove.mutate(proof, { onSuccess: onShown });
  const other = by === "password" ? "code" : "password";
  return (
    <Modal className={dialog.dialog} labelledBy={titleId} describedBy={textId} onClose={onCancel}>
      <div className={dialog.content}>
        <h2 id={titleId}>{t("account.again.title")}</h2>
        <p id={textId}>{t("account.again.text")}</p>
        <Form
          submitLabel={t("account.confirm")}
          isBusy={prove.isPending}
          failure={errors.general}
          onSubmit={({ text }) => show({ by, text: text(by) })}
          actions={<Button onClick={onCancel}>{t("common.cancel")}</Button>}
        >
          <ProofField by={by} error={errors.of(by)} />
        </Form>
        <div className={styles.ways}>
          {ways.includes("passkey") && (
            <Button tone="quiet" onClick={() => show({ by: "passkey" })}>
              {t("account.again.passkey")}
            </Button>
          )}
          {ways.includes(other) && (
            <Button tone="quiet" onClick={() => setBy(other)}>
              {t(`account.again.${other}`)}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function ProofField({ by, error }: { by: "password" | "code"; error: string | undefined }) {
  const t = useT();
  return by === "password" ? (
    <PasswordField name="password" error={error} autoFocus />
  ) : (
    <CodeField label={t("account.appOrRecoveryCode")} isNumeric error={error} autoFocus />
  );
}

function waysIn(flows: Flow[]): Proof["by"][] {
  const types = flows.find(({ id }) => id === "mfa_reauthenticate")?.types ?? [];
  const ways: Proof["by"][] = [];
  if (flows.some(({ id }) => id === "reauthenticate")) ways.push("password");
  if (types.includes("totp") || types.includes("recovery_codes")) ways.push("code");
  if (types.includes("webauthn") && hasPasskeys()) ways.push("passkey");
  return ways;
}
