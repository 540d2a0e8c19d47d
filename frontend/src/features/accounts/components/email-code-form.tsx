import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useResendCode, useVerifyEmail } from "@/features/accounts/api/auth-steps";
import { CodeField } from "@/features/accounts/components/code-field";
import { Form } from "@/features/accounts/components/form";
import { Failure } from "@/features/accounts/components/loaded";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

/** The code that was sent to a new account's e-mail; `email` is empty when this page does not know it any more. */
export function EmailCodeForm({ email }: { email: string }) {
  const t = useT();
  const verify = useVerifyEmail();
  const resend = useResendCode();
  const errors = useFormErrors(verify.error, ["key"]);
  return (
    <>
      <p>{email ? t("account.codeSentTo", { email }) : t("account.codeSent")}</p>
      <Form
        submitLabel={t("account.confirm")}
        isBusy={verify.isPending}
        failure={errors.general}
        isWide
        onSubmit={({ text }) => verify.mutate(text("code").trim())}
        actions={<Button onClick={() => resend.mutate()}>{t("account.resend")}</Button>}
      >
        <CodeField
          label={t("account.code")}
          hint={t("account.codeHint")}
          error={errors.of("key")}
          autoFocus
        />
        {resend.isSuccess && <Notice>{t("account.resent")}</Notice>}
        <Failure of={resend.error} />
      </Form>
    </>
  );
}
