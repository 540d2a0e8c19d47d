import { ArrowLeft, LogOut } from "lucide-react";
import { Link, useLocation } from "wouter";
import styles from "@/app/account-pages.module.css";
import { focusPage } from "@/app/focus-page";
import { Button } from "@/components/ui/button";
import { ROUTES } from "@/config/paths";
import { useLogOut } from "@/features/accounts/api/devices";
import { useSession } from "@/features/accounts/api/get-session";
import { DataSection } from "@/features/accounts/components/data-section";
import { DevicesSection } from "@/features/accounts/components/devices-section";
import { EmailSection } from "@/features/accounts/components/email-section";
import { GuestSection } from "@/features/accounts/components/guest-section";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { PasskeysSection } from "@/features/accounts/components/passkeys-section";
import { PasswordSection } from "@/features/accounts/components/password-section";
import { Reauthentication } from "@/features/accounts/components/reauthentication";
import { TokensSection } from "@/features/accounts/components/tokens-section";
import { TwoStepSection } from "@/features/accounts/components/two-step-section";
import { UsageSection } from "@/features/accounts/components/usage-section";
import { useIdentityChange } from "@/features/accounts/hooks/use-identity";
import type { Account } from "@/features/accounts/types";
import { SharesSection } from "@/features/sharing/components/shares-section";
import { useT } from "@/i18n/language";

/** All about oneself: how one signs in, what was used, what is kept. */
export function AccountPage() {
  const t = useT();
  const session = useSession();
  return (
    <div className={styles.scroll}>
      <title>{`${t("account.title")} – ${t("app.name")}`}</title>
      <div className={styles.column}>
        <header>
          <Link href={ROUTES.home} className={styles.back}>
            <ArrowLeft aria-hidden />
            {t("account.back")}
          </Link>
        </header>
        <main tabIndex={-1} ref={focusPage}>
          <h1 className={styles.title}>{t("account.title")}</h1>
          <Loaded query={session} lines={[40, 100, 60, 100]}>
            {({ user }) =>
              user && !user.is_guest ? <UserSections user={user} /> : <GuestSections user={user} />
            }
          </Loaded>
        </main>
      </div>
    </div>
  );
}

function useDeparture(): () => void {
  const { left } = useIdentityChange();
  const [, navigate] = useLocation();
  return () => {
    navigate(ROUTES.home);
    void left();
  };
}

function UserSections({ user }: { user: Account }) {
  const onLeft = useDeparture();
  return (
    <Reauthentication>
      <UsageSection />
      <EmailSection />
      <PasswordSection />
      <TwoStepSection />
      <PasskeysSection />
      <DevicesSection onLeft={onLeft} />
      <TokensSection />
      <SharesSection />
      <DataSection email={user.email} onDeleted={onLeft} />
      <LogOutButton onLeft={onLeft} />
    </Reauthentication>
  );
}

/** A guest has things and a limit, too; a stranger has neither. */
function GuestSections({ user }: { user: Account | null }) {
  const onLeft = useDeparture();
  return (
    <>
      <GuestSection />
      {user && (
        <>
          <UsageSection />
          <SharesSection />
          <DataSection email={null} onDeleted={onLeft} />
        </>
      )}
    </>
  );
}

function LogOutButton({ onLeft }: { onLeft: () => void }) {
  const t = useT();
  const logOut = useLogOut();
  return (
    <div className={styles.end}>
      <Button icon={<LogOut aria-hidden />} onClick={() => logOut.mutate(undefined, { onSuccess: onLeft })}>
        {t("account.logOut")}
      </Button>
      <Failure of={logOut.error} />
    </div>
  );
}
