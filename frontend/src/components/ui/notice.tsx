import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";
import styles from "@/components/ui/notice.module.css";

interface NoticeProps {
  tone?: "info" | "danger";
  /** Said by a screen reader when it appears; false for what has long been there. */
  isNews?: boolean;
  children: ReactNode;
  action?: ReactNode;
}

/** One sentence on what happened, and at most one thing to do about it. */
export function Notice({ tone = "info", isNews = true, children, action }: NoticeProps) {
  const Icon = tone === "danger" ? CircleAlert : Info;
  const role = tone === "danger" ? "alert" : "status";
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={isNews ? role : undefined}>
      <Icon aria-hidden />
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  );
}
