import { Link } from "wouter";
import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import styles from "@/features/accounts/components/guest-invitation.module.css";
import { useT } from "@/i18n/language";

/** What an account is good for, said quietly to somebody without one. */
export function GuestInvitation() {
  const t = useT();
  const session = useSession().data;
  if (!session?.is_guest) return null;
  return (
    <p className={styles.invitation}>
      {session.signup === "closed" ? (
        <Link href={ROUTES.logIn}>{t("account.logInInvitation")}</Link>
      ) : (
        <>
          <Link href={ROUTES.signUp}>{t("account.signUpInvitation")}</Link>
          <Link href={ROUTES.logIn}>{t("account.logIn")}</Link>
        </>
      )}
    </p>
  );
}
