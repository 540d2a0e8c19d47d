import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Field, type FieldProps } from "@/features/accounts/components/field";
import { useT } from "@/i18n/language";

interface PasswordFieldProps extends Omit<FieldProps, "type" | "label" | "button" | "autoComplete"> {
  label?: string;
  /** Whether it is made here, so that a password manager offers a strong one. */
  isNew?: boolean;
}

export function PasswordField({ label, isNew = false, hint, ...field }: PasswordFieldProps) {
  const t = useT();
  const [isShown, setShown] = useState(false);
  return (
    <Field
      {...field}
      label={label ?? t("account.password")}
      hint={hint ?? (isNew ? t("account.passwordHint") : undefined)}
      type={isShown ? "text" : "password"}
      autoComplete={isNew ? "new-password" : "current-password"}
      required
      button={
        <IconButton
          label={isShown ? t("account.passwordHide") : t("account.passwordShow")}
          icon={isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      }
    />
  );
}
