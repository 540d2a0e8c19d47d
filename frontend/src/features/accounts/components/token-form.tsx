import { useId } from "react";
import { Button } from "@/components/ui/button";
import type { useMakeToken } from "@/features/accounts/api/tokens";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import styles from "@/features/accounts/components/form.module.css";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import type { Scope } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

const SCOPES: readonly Scope[] = ["read", "chat"];
const DAYS = [30, 90, 365] as const;

interface TokenFormProps {
  make: ReturnType<typeof useMakeToken>;
  onClose: () => void;
}

/** Name, scopes and expiry of a new token. */
export function TokenForm({ make, onClose }: TokenFormProps) {
  const t = useT();
  const errors = useFormErrors(make.error, []);
  return (
    <Form
      submitLabel={t("account.tokenMake")}
      isBusy={make.isPending}
      failure={errors.general}
      onSubmit={({ text, all }) => {
        const scopes = SCOPES.filter((scope) => all("scope").includes(scope));
        const days = Number(text("days"));
        make.mutate(
          { name: text("name").trim(), scopes, expires_in_days: days || null },
          { onSuccess: onClose },
        );
      }}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      <Field
        label={t("account.tokenName")}
        name="name"
        hint={t("account.tokenNameHint")}
        autoComplete="off"
        maxLength={100}
        required
        autoFocus
      />
      <fieldset className={styles.group}>
        <legend className={styles.label}>{t("account.tokenScopes")}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} className={styles.check}>
            <input type="checkbox" name="scope" value={scope} defaultChecked={scope === "read"} />
            {t(`account.scopeText.${scope}`)}
          </label>
        ))}
      </fieldset>
      <Expiry />
    </Form>
  );
}

function Expiry() {
  const t = useT();
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {t("account.tokenExpiry")}
      </label>
      <select id={id} name="days" className={styles.input} defaultValue="90">
        {DAYS.map((days) => (
          <option key={days} value={days}>
            {t("account.days", { n: days })}
          </option>
        ))}
        <option value="">{t("account.forever")}</option>
      </select>
    </div>
  );
}
