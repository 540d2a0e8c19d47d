import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useAuthenticators, useDeactivateTotp, useTotpSetup } from "@/features/accounts/api/second-factors";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { RecoveryCodesRow } from "@/features/accounts/components/recovery-codes-row";
import { TotpSetup } from "@/features/accounts/components/totp-setup";
import { useDateText } from "@/features/accounts/hooks/use-date-text";
import type { Authenticator } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** Codes of an authenticator app, and the recovery codes for when it is lost. */
export function TwoStepSection() {
  const t = useT();
  const authenticators = useAuthenticators();
  return (
    <Section title={t("account.twoStep")} intro={t("account.twoStepIntro")}>
      <Loaded query={authenticators} lines={[60, 45]}>
        {(all) => <TwoSteps authenticators={all} />}
      </Loaded>
    </Section>
  );
}

function TwoSteps({ authenticators }: { authenticators: Authenticator[] }) {
  const app = authenticators.find(({ type }) => type === "totp");
  const codes = authenticators.find((one) => one.type === "recovery_codes");
  return (
    <div>
      {app ? <AppRow since={app.created_at} /> : <NoAppRow />}
      {codes && <RecoveryCodesRow codes={codes} />}
    </div>
  );
}

function NoAppRow() {
  const t = useT();
  const setup = useTotpSetup();
  if (setup.data) {
    return <TotpSetup secret={setup.data.secret} url={setup.data.url} onClose={setup.reset} />;
  }
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>{t("account.appOff")}</span>
        <Button onClick={() => setup.mutate(undefined)}>{t("account.appSetUp")}</Button>
      </div>
      <Failure of={setup.error} />
    </>
  );
}

function AppRow({ since }: { since: number }) {
  const t = useT();
  const dateText = useDateText();
  const [isAsking, setAsking] = useState(false);
  const deactivate = useDeactivateTotp();
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>
          {t("account.appOn")}
          <span className={styles.detail}>{t("account.since", { date: dateText(since) })}</span>
        </span>
        <Button onClick={() => setAsking(true)}>{t("account.turnOff")}</Button>
      </div>
      <Failure of={deactivate.error} />
      {isAsking && (
        <ConfirmDialog
          title={t("account.appOffTitle")}
          text={t("account.appOffText")}
          confirmLabel={t("account.turnOff")}
          cancelLabel={t("common.cancel")}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            deactivate.mutate(undefined);
          }}
        />
      )}
    </>
  );
}
