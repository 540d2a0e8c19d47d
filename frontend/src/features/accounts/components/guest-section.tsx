import { Link } from "wouter";
import buttonStyles from "@/components/ui/button.module.css";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import { useT } from "@/i18n/language";

/** What somebody without an account is told instead of one. */
export function GuestSection() {
  const t = useT();
  const isClosed = useSession().data?.signup === "closed";
  return (
    <Section title={t("account.guest")} intro={isClosed ? t("account.guestClosed") : t("account.guestIntro")}>
      <div className={styles.actions}>
        {!isClosed && (
          <Link
            href={ROUTES.signUp}
            className={`${buttonStyles.button} ${buttonStyles.primary} ${styles.link}`}
          >
            {t("account.signUp")}
          </Link>
        )}
        <Link href={ROUTES.logIn} className={`${buttonStyles.button} ${buttonStyles.plain} ${styles.link}`}>
          {t("account.logIn")}
        </Link>
      </div>
    </Section>
  );
}
