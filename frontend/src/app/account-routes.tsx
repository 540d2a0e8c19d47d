import { Route, Switch } from "wouter";
import { AccountPage } from "@/app/account-page";
import { LogInPage } from "@/app/log-in-page";
import { NotFoundPage } from "@/app/not-found-page";
import { ResetPasswordPage } from "@/app/reset-password-page";
import { SignUpPage } from "@/app/sign-up-page";
import { ROUTES } from "@/config/paths";

export function AccountRoutes() {
  return (
    <Switch>
      <Route path={ROUTES.account} component={AccountPage} />
      <Route path={ROUTES.logIn} component={LogInPage} />
      {/* An e-mail's code is asked for wherever somebody stands on the way in. */}
      <Route path={ROUTES.verifyEmail} component={LogInPage} />
      <Route path={ROUTES.signUp} component={SignUpPage} />
      <Route path={ROUTES.resetPassword} component={ResetPasswordPage} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}
