import { useSignUp } from "@/features/accounts/api/auth-steps";
import { useSession } from "@/features/accounts/api/get-session";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { PasswordField } from "@/features/accounts/components/password-field";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

/** E-mail and password, and an invitation where one is needed; `onEmail` is told to whom the code goes. */
export function SignUpForm({ onEmail }: { onEmail: (email: string) => void }) {
  const t = useT();
  const needsInvitation = useSession().data?.signup === "invite";
  const signUp = useSignUp();
  const fields = ["email", "password", ...(needsInvitation ? ["invitation"] : [])];
  const errors = useFormErrors(signUp.error, fields);
  return (
    <Form
      submitLabel={t("account.signUp")}
      isBusy={signUp.isPending}
      failure={errors.general}
      isWide
      onSubmit={({ text }) => {
        const invitation = needsInvitation ? { invitation: text("invitation") } : {};
        onEmail(text("email"));
        signUp.mutate({ email: text("email"), password: text("password"), ...invitation });
      }}
    >
      {needsInvitation && (
        <Field
          label={t("account.invitation")}
          name="invitation"
          hint={t("account.invitationHint")}
          autoComplete="off"
          spellCheck={false}
          required
          error={errors.of("invitation")}
        />
      )}
      <Field
        label={t("account.email")}
        name="email"
        type="email"
        autoComplete="username"
        required
        error={errors.of("email")}
      />
      <PasswordField name="password" isNew error={errors.of("password")} />
    </Form>
  );
}
