import { Field, type FieldProps } from "@/features/accounts/components/field";
import styles from "@/features/accounts/components/form.module.css";

interface CodeFieldProps extends Omit<FieldProps, "name" | "type" | "className"> {
  /** Codes of an authenticator app are digits; those in e-mails are letters. */
  isNumeric?: boolean;
}

/** A code from elsewhere; phones offer to fill it in. */
export function CodeField({ isNumeric = false, ...field }: CodeFieldProps) {
  return (
    <Field
      {...field}
      name="code"
      className={styles.code}
      autoComplete="one-time-code"
      inputMode={isNumeric ? "numeric" : "text"}
      autoCapitalize={isNumeric ? "off" : "characters"}
      autoCorrect="off"
      spellCheck={false}
      required
    />
  );
}
