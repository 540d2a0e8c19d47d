import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from "react";
import styles from "@/features/accounts/components/form.module.css";

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "id"> {
  label: string;
  name: string;
  hint?: string | undefined;
  error?: string | undefined;
  ref?: Ref<HTMLInputElement>;
  /** Stands in the field's right end. */
  button?: ReactNode;
}

/** One line of text with its name above it, and below it what is wrong or what to know. */
export function Field({ label, hint, error, button, className, ...input }: FieldProps) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={button ? styles.withButton : undefined}>
        <input
          {...input}
          id={id}
          className={[styles.input, className].filter(Boolean).join(" ")}
          aria-invalid={error ? true : undefined}
          aria-describedby={said ? `${id}-said` : undefined}
        />
        {button}
      </div>
      {said && (
        <p
          id={`${id}-said`}
          className={error ? styles.error : styles.hint}
          role={error ? "alert" : undefined}
        >
          {said}
        </p>
      )}
    </div>
  );
}
