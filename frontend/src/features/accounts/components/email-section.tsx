import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useResendCode } from "@/features/accounts/api/auth-steps";
import { useCancelEmail, useChangeEmail, useConfirmEmail, useEmails } from "@/features/accounts/api/emails";
import { CodeField } from "@/features/accounts/components/code-field";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import type { EmailAddress } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** The address, and how to change it: a code goes to the new one first. */
export function EmailSection() {
  const t = useT();
  const emails = useEmails();
  return (
    <Section title={t("account.email")}>
      <Loaded query={emails} lines={[50]}>
        {(addresses) => <Addresses addresses={addresses} />}
      </Loaded>
    </Section>
  );
}

function Addresses({ addresses }: { addresses: EmailAddress[] }) {
  const t = useT();
  const [isChanging, setChanging] = useState(false);
  const present = addresses.find(({ primary }) => primary);
  const awaited = addresses.find(({ verified }) => !verified);
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>{present?.email}</span>
        {!awaited && !isChanging && (
          <Button onClick={() => setChanging(true)}>{t("account.emailChange")}</Button>
        )}
      </div>
      {awaited && <ConfirmForm email={awaited.email} />}
      {!awaited && isChanging && <ChangeForm onClose={() => setChanging(false)} />}
    </>
  );
}

function ChangeForm({ onClose }: { onClose: () => void }) {
  const t = useT();
  const change = useChangeEmail();
  const errors = useFormErrors(change.error, ["email"]);
  return (
    <Form
      submitLabel={t("account.sendCode")}
      isBusy={change.isPending}
      failure={errors.general}
      onSubmit={({ text }) => change.mutate(text("email"), { onSuccess: onClose })}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      <Field
        label={t("account.newEmail")}
        name="email"
        type="email"
        autoComplete="email"
        hint={t("account.newEmailHint")}
        required
        autoFocus
        error={errors.of("email")}
      />
    </Form>
  );
}

function ConfirmForm({ email }: { email: string }) {
  const t = useT();
  const confirm = useConfirmEmail();
  const cancel = useCancelEmail();
  const resend = useResendCode();
  const errors = useFormErrors(confirm.error, ["key"]);
  return (
    <Form
      submitLabel={t("account.confirm")}
      isBusy={confirm.isPending}
      failure={errors.general}
      onSubmit={({ text }) => confirm.mutate(text("code").trim())}
      actions={
        <>
          <Button onClick={() => resend.mutate()}>{t("account.resend")}</Button>
          <Button onClick={() => cancel.mutate(email)}>{t("account.emailKeep")}</Button>
        </>
      }
    >
      <p className={styles.text}>{t("account.codeSentTo", { email })}</p>
      <CodeField label={t("account.code")} hint={t("account.codeHint")} error={errors.of("key")} autoFocus />
      <Failure of={cancel.error ?? resend.error} />
    </Form>
  );
}
