import { useSecondFactor } from "@/features/accounts/api/auth-steps";
import { CodeField } from "@/features/accounts/components/code-field";
import { Form } from "@/features/accounts/components/form";
import { PasskeyButton } from "@/features/accounts/components/passkey-button";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { AUTH_API } from "@/features/accounts/paths";
import type { FactorType } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** The second step after a password: a code of the app, a recovery code, or a passkey. */
export function SecondFactorForm({ types }: { types: FactorType[] }) {
  const t = useT();
  const check = useSecondFactor();
  const errors = useFormErrors(check.error, ["code"]);
  const hasApp = types.includes("totp");
  return (
    <>
      <p>{t("account.secondFactorIntro")}</p>
      {types.includes("webauthn") && <PasskeyButton path={AUTH_API.passkeySecondFactor} />}
      <Form
        submitLabel={t("account.logIn")}
        isBusy={check.isPending}
        failure={errors.general}
        tone={hasApp ? "primary" : "plain"}
        isWide
        onSubmit={({ text }) => check.mutate(text("code").trim())}
      >
        <CodeField
          label={hasApp ? t("account.appOrRecoveryCode") : t("account.recoveryCode")}
          hint={hasApp ? t("account.appCodeHint") : t("account.recoveryCodeHint")}
          isNumeric
          error={errors.of("code")}
          autoFocus={hasApp}
        />
      </Form>
    </>
  );
}
