import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useAuthState } from "@/features/accounts/api/auth-steps";
import { useChangePassword } from "@/features/accounts/api/change-password";
import { Form } from "@/features/accounts/components/form";
import { Loaded } from "@/features/accounts/components/loaded";
import { PasswordField } from "@/features/accounts/components/password-field";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { useT } from "@/i18n/language";

/** Whoever signed up through another service has no password, and may set one. */
export function PasswordSection() {
  const t = useT();
  const auth = useAuthState();
  return (
    <Section title={t("account.password")}>
      <Loaded query={auth} lines={[30]}>
        {({ data }) => <Password isSet={data.user?.has_usable_password ?? false} />}
      </Loaded>
    </Section>
  );
}

function Password({ isSet }: { isSet: boolean }) {
  const t = useT();
  const [isChanging, setChanging] = useState(false);
  const change = useChangePassword();
  if (isChanging) {
    return <ChangeForm isSet={isSet} change={change} onClose={() => setChanging(false)} />;
  }
  return (
    <>
      {change.isSuccess && <Notice>{t("account.passwordChanged")}</Notice>}
      <div className={styles.row}>
        <span className={styles.name}>
          {isSet ? t("account.passwordIsSet") : t("account.passwordIsUnset")}
        </span>
        <Button onClick={() => setChanging(true)}>
          {isSet ? t("account.passwordChange") : t("account.setPassword")}
        </Button>
      </div>
    </>
  );
}

interface ChangeFormProps {
  isSet: boolean;
  change: ReturnType<typeof useChangePassword>;
  onClose: () => void;
}

function ChangeForm({ isSet, change, onClose }: ChangeFormProps) {
  const t = useT();
  const errors = useFormErrors(change.error, ["current_password", "new_password"]);
  return (
    <Form
      submitLabel={t("account.setPassword")}
      isBusy={change.isPending}
      failure={errors.general}
      onSubmit={({ text }) => {
        const present = isSet ? { current_password: text("current_password") } : {};
        change.mutate({ ...present, new_password: text("new_password") }, { onSuccess: onClose });
      }}
      actions={<Button onClick={onClose}>{t("common.cancel")}</Button>}
    >
      {isSet && (
        <PasswordField
          name="current_password"
          label={t("account.currentPassword")}
          autoFocus
          error={errors.of("current_password")}
        />
      )}
      <PasswordField
        name="new_password"
        label={t("account.newPassword")}
        isNew
        error={errors.of("new_password")}
      />
    </Form>
  );
}
