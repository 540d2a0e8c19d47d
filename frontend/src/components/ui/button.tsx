import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "@/components/ui/button.module.css";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: "plain" | "primary" | "danger" | "quiet";
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ tone = "plain", icon, children, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={[styles.button, styles[tone], className].filter(Boolean).join(" ")}
    >
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "icon"> {
  /** The name that a screen reader says, and the tooltip. */
  label: string;
  icon: ReactNode;
}

export function IconButton({
  label,
  icon,
  tone = "quiet",
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={[styles.icon, styles[tone], className].filter(Boolean).join(" ")}
    >
      {icon}
    </button>
  );
}
