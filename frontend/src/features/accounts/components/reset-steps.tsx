import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { ROUTES } from "@/config/paths";
import {
  isOutOfStep,
  useAuthState,
  useRequestReset,
  useResetPassword,
} from "@/features/accounts/api/auth-steps";
import { CodeField } from "@/features/accounts/components/code-field";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { Loaded } from "@/features/accounts/components/loaded";
import { PasswordField } from "@/features/accounts/components/password-field";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { isResetPending } from "@/features/accounts/state/auth-step";
import type { AuthAnswer, AuthState } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** A forgotten password: ask for a code, then set another one with it. */
export function ResetSteps() {
  const auth = useAuthState();
  return (
    <Loaded query={auth} lines={[40, 100]}>
      {(answer) => <Steps answer={answer} />}
    </Loaded>
  );
}

function Steps({ answer }: { answer: AuthAnswer<AuthState> }) {
  const t = useT();
  const [isAskingAgain, setAskingAgain] = useState(false);
  const request = useRequestReset();
  const reset = useResetPassword();
  if (reset.isSuccess) {
    return (
      <>
        <Notice>{t("account.resetDone")}</Notice>
        <Link href={ROUTES.logIn}>{t("account.logIn")}</Link>
      </>
    );
  }
  if (isAskingAgain || !isResetPending(answer)) {
    return (
      <>
        {isOutOfStep(reset.error) && <Notice>{t("account.error.expired")}</Notice>}
        <RequestForm request={request} onSent={() => setAskingAgain(false)} />
      </>
    );
  }
  const email = request.variables ?? "";
  return <NewPasswordForm email={email} reset={reset} onAgain={() => setAskingAgain(true)} />;
}

interface RequestFormProps {
  request: ReturnType<typeof useRequestReset>;
  onSent: () => void;
}

function RequestForm({ request, onSent }: RequestFormProps) {
  const t = useT();
  const errors = useFormErrors(request.error, ["email"]);
  return (
    <>
      <p>{t("account.resetIntro")}</p>
      <Form
        submitLabel={t("account.sendCode")}
        isBusy={request.isPending}
        failure={errors.general}
        isWide
        onSubmit={({ text }) => request.mutate(text("email"), { onSuccess: onSent })}
      >
        <Field
          label={t("account.email")}
          name="email"
          type="email"
          autoComplete="username"
          required
          error={errors.of("email")}
        />
      </Form>
    </>
  );
}

interface NewPasswordFormProps {
  email: string;
  reset: ReturnType<typeof useResetPassword>;
  onAgain: () => void;
}

function NewPasswordForm({ email, reset, onAgain }: NewPasswordFormProps) {
  const t = useT();
  const errors = useFormErrors(reset.error, ["key", "password"]);
  return (
    <>
      <p>{email ? t("account.resetSentTo", { email }) : t("account.resetSent")}</p>
      <Form
        submitLabel={t("account.setPassword")}
        isBusy={reset.isPending}
        failure={errors.general}
        isWide
        onSubmit={({ text }) => reset.mutate({ code: text("code").trim(), password: text("password") })}
        actions={<Button onClick={onAgain}>{t("account.resend")}</Button>}
      >
        <CodeField
          label={t("account.code")}
          hint={t("account.codeHint")}
          error={errors.of("key")}
          autoFocus
        />
        <PasswordField name="password" label={t("account.newPassword")} isNew error={errors.of("password")} />
      </Form>
    </>
  );
}
