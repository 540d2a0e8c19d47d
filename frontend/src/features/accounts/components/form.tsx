import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import styles from "@/features/accounts/components/form.module.css";
import { useT } from "@/i18n/language";

interface FormProps {
  submitLabel: string;
  isBusy: boolean;
  /** What went wrong that belongs to no field. */
  failure: string | null;
  /** `tone` of the button: a page's one next step is primary. */
  tone?: "primary" | "plain" | "danger";
  isWide?: boolean;
  onSubmit: (values: FormValues, form: HTMLFormElement) => void;
  /** Other buttons, beside the one that sends. */
  actions?: ReactNode;
  children: ReactNode;
}

export interface FormValues {
  text: (name: string) => string;
  all: (name: string) => string[];
}

/** Fields and the button that sends them. What was typed stays when it is refused. */
export function Form({
  submitLabel,
  isBusy,
  failure,
  tone = "primary",
  isWide = false,
  onSubmit,
  actions,
  children,
}: FormProps) {
  const t = useT();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit(valuesOf(event.currentTarget), event.currentTarget);
      }}
    >
      {children}
      {failure && <Notice tone="danger">{failure}</Notice>}
      <div className={`${styles.actions} ${isWide ? styles.wide : ""}`}>
        <Button type="submit" tone={tone} aria-disabled={isBusy}>
          {isBusy ? t("account.busy") : submitLabel}
        </Button>
        {actions}
      </div>
    </form>
  );
}

function valuesOf(form: HTMLFormElement): FormValues {
  const data = new FormData(form);
  const all = (name: string) => data.getAll(name).filter((value) => typeof value === "string");
  return { all, text: (name) => all(name)[0] ?? "" };
}
