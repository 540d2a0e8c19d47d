import { Link } from "wouter";
import { SignInFrame } from "@/app/sign-in-frame";
import { ROUTES } from "@/config/paths";
import { ResetSteps } from "@/features/accounts/components/reset-steps";
import { useT } from "@/i18n/language";

export function ResetPasswordPage() {
  const t = useT();
  return (
    <SignInFrame
      title={t("account.resetTitle")}
      foot={<Link href={ROUTES.logIn}>{t("account.backToLogIn")}</Link>}
    >
      <ResetSteps />
    </SignInFrame>
  );
}
