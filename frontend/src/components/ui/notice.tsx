import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";
import styles from "@/components/ui/notice.module.css";

interface NoticeProps {
  tone?: "info" | "danger";
  children: ReactNode;
  action?: ReactNode;
}

/** One sentence on what happened, and at most one thing to do about it. */
export function Notice({ tone = "info", children, action }: NoticeProps) {
  const Icon = tone === "danger" ? CircleAlert : Info;
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={tone === "danger" ? "alert" : "status"}>
      <Icon aria-hidden />
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  );
}
