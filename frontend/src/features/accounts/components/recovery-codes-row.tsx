import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Notice } from "@/components/ui/notice";
import styles from "@/components/ui/section.module.css";
import { useRecoveryCodes } from "@/features/accounts/api/second-factors";
import { Failure } from "@/features/accounts/components/loaded";
import { RecoveryCodeList } from "@/features/accounts/components/recovery-code-list";
import type { RecoveryCodes } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** How many recovery codes are left; they are shown, and made anew, when asked for. */
export function RecoveryCodesRow({ codes }: { codes: RecoveryCodes }) {
  const t = useT();
  const show = useRecoveryCodes("GET");
  const renew = useRecoveryCodes("POST");
  const [isAsking, setAsking] = useState(false);
  const shown = renew.data ?? show.data;
  const { unused_code_count: left, total_code_count: total } = codes;
  const hide = () => {
    show.reset();
    renew.reset();
  };
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>
          {t("account.recoveryCodes")}
          <span className={styles.detail}>{t("account.recoveryLeft", { n: left, total })}</span>
        </span>
        {!shown && <Button onClick={() => show.mutate(undefined)}>{t("account.recoveryShow")}</Button>}
      </div>
      {!shown && left === total && <Notice isNews={false}>{t("account.recoverySave")}</Notice>}
      <Failure of={renew.error ?? show.error} />
      {shown && <RecoveryCodeList codes={shown} onRenew={() => setAsking(true)} onClose={hide} />}
      {isAsking && (
        <ConfirmDialog
          title={t("account.recoveryRenewTitle")}
          text={t("account.recoveryRenewText")}
          confirmLabel={t("account.recoveryRenew")}
          cancelLabel={t("common.cancel")}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            renew.mutate(undefined);
          }}
        />
      )}
    </>
  );
}
