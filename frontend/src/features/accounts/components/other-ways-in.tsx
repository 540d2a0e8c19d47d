import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import styles from "@/features/accounts/components/form.module.css";
import { PasskeyButton } from "@/features/accounts/components/passkey-button";
import { ProviderButtons } from "@/features/accounts/components/provider-buttons";
import { AUTH_API } from "@/features/accounts/paths";
import { nextAddress } from "@/features/accounts/state/next-address";
import { hasPasskeys } from "@/features/accounts/webauthn";
import { useT } from "@/i18n/language";

/** Without a password: a passkey, or another service. `search` of the page says where to go afterwards. */
export function OtherWaysIn({ search }: { search: string }) {
  const t = useT();
  const providers = useSession().data?.providers ?? [];
  const next = nextAddress(search);
  if (providers.length === 0 && !hasPasskeys()) return null;
  return (
    <div className={styles.form}>
      <p className={styles.or}>{t("account.or")}</p>
      <PasskeyButton path={AUTH_API.passkeyLogin} />
      {/* It comes back to the sign-in, which goes on from there: there may be a second step. */}
      <ProviderButtons returnTo={next ? `${ROUTES.logIn}?next=${encodeURIComponent(next)}` : ROUTES.logIn} />
    </div>
  );
}
