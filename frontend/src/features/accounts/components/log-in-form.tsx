import { Link } from "wouter";
import { ROUTES } from "@/config/paths";
import { useLogIn } from "@/features/accounts/api/auth-steps";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { PasswordField } from "@/features/accounts/components/password-field";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

/** E-mail and password; `onEmail` is told to whom a code may go. */
export function LogInForm({ onEmail }: { onEmail: (email: string) => void }) {
  const t = useT();
  const logIn = useLogIn();
  const errors = useFormErrors(logIn.error, ["email", "password"]);
  return (
    <Form
      submitLabel={t("account.logIn")}
      isBusy={logIn.isPending}
      failure={errors.general}
      isWide
      onSubmit={({ text }) => {
        onEmail(text("email"));
        logIn.mutate({ email: text("email"), password: text("password") });
      }}
    >
      <Field
        label={t("account.email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        error={errors.of("email")}
      />
      <PasswordField name="password" error={errors.of("password")} />
      <p>
        <Link href={ROUTES.resetPassword}>{t("account.forgot")}</Link>
      </p>
    </Form>
  );
}
