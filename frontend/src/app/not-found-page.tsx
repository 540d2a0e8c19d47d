import styles from "@/app/chat-page.module.css";
import { useT } from "@/i18n/language";

export function NotFoundPage() {
  const t = useT();
  return (
    <div className={styles.message}>
      <title>{t("app.name")}</title>
      <h1>{t("app.notFound")}</h1>
    </div>
  );
}
