import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useAuthState, useStartOver } from "@/features/accounts/api/auth-steps";
import { EmailCodeForm } from "@/features/accounts/components/email-code-form";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { SecondFactorForm } from "@/features/accounts/components/second-factor-form";
import { type AuthStep, authStepOf } from "@/features/accounts/state/auth-step";
import type { AuthAnswer, AuthState } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

interface SignInStepsProps {
  /** Called once somebody is signed in. */
  onInside: () => void;
  /** The first step; it tells which e-mail was given. */
  children: (onEmail: (email: string) => void) => ReactNode;
}

/** The way in, at the step where the visitor stands: also after a reload, or back from another service. */
export function SignInSteps({ onInside, children }: SignInStepsProps) {
  const auth = useAuthState();
  return (
    <Loaded query={auth} lines={[40, 100, 40, 100]}>
      {(answer) => (
        <Steps answer={answer} onInside={onInside}>
          {children}
        </Steps>
      )}
    </Loaded>
  );
}

function Steps({ answer, onInside, children }: SignInStepsProps & { answer: AuthAnswer<AuthState> }) {
  const t = useT();
  const [email, setEmail] = useState("");
  const step = authStepOf(answer);
  const startOver = useStartOver();
  const wasFurther = useWasFurther(step);
  const isInside = step.at === "inside";
  useEffect(() => {
    if (isInside) onInside();
  }, [isInside, onInside]);
  if (isInside) return null;
  if (step.at === "email-code" || step.at === "second-factor") {
    return (
      <>
        {step.at === "email-code" ? <EmailCodeForm email={email} /> : <SecondFactorForm types={step.types} />}
        <Button tone="quiet" onClick={() => startOver.mutate()}>
          {t("account.startOver")}
        </Button>
        <Failure of={startOver.error} />
      </>
    );
  }
  return (
    <>
      {wasFurther && !startOver.isSuccess && <Notice>{t("account.thrownBack")}</Notice>}
      {step.at === "provider-sign-up" && <Notice>{t("account.providerTaken")}</Notice>}
      {children(setEmail)}
    </>
  );
}

/** Whether this page has been at a later step: the server ends one whose code has run out, or was wrong too often. */
function useWasFurther(step: AuthStep): boolean {
  const [furthest, setFurthest] = useState(step.at);
  if (step.at !== furthest && step.at !== "start") setFurthest(step.at);
  return furthest === "email-code" || furthest === "second-factor";
}
