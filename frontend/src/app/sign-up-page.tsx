import { Link } from "wouter";
import { SignInFrame } from "@/app/sign-in-frame";
import { useArrival } from "@/app/use-arrival";
import { Notice } from "@/components/ui/notice";
import { ROUTES } from "@/config/paths";
import { useSession } from "@/features/accounts/api/get-session";
import { SignInSteps } from "@/features/accounts/components/sign-in-steps";
import { SignUpForm } from "@/features/accounts/components/sign-up-form";
import { useT } from "@/i18n/language";

export function SignUpPage() {
  const t = useT();
  const isClosed = useSession().data?.signup === "closed";
  const onInside = useArrival();
  return (
    <SignInFrame
      title={t("account.signUp")}
      foot={<Link href={ROUTES.logIn}>{t("account.hasAccount")}</Link>}
    >
      {isClosed ? (
        <Notice isNews={false}>{t("account.closed")}</Notice>
      ) : (
        <SignInSteps onInside={onInside}>
          {(onEmail) => (
            <>
              <p>{t("account.signUpIntro")}</p>
              <SignUpForm onEmail={onEmail} />
            </>
          )}
        </SignInSteps>
      )}
    </SignInFrame>
  );
}
