import { Link, useSearch } from "wouter";
import { SignInFrame } from "@/app/sign-in-frame";
import { useArrival } from "@/app/use-arrival";
import { Notice } from "@/components/ui/notice";
import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import { LogInForm } from "@/features/accounts/components/log-in-form";
import { OtherWaysIn } from "@/features/accounts/components/other-ways-in";
import { SignInSteps } from "@/features/accounts/components/sign-in-steps";
import { useT } from "@/i18n/language";

export function LogInPage() {
  const t = useT();
  const search = useSearch();
  const isOpen = useSession().data?.signup !== "closed";
  const onInside = useArrival();
  return (
    <SignInFrame
      title={t("account.logIn")}
      foot={isOpen && <Link href={ROUTES.signUp}>{t("account.noAccount")}</Link>}
    >
      {new URLSearchParams(search).has("error") && (
        <Notice tone="danger">{t("account.providerFailed")}</Notice>
      )}
      <SignInSteps onInside={onInside}>
        {(onEmail) => (
          <>
            <LogInForm onEmail={onEmail} />
            <OtherWaysIn search={search} />
          </>
        )}
      </SignInSteps>
    </SignInFrame>
  );
}
