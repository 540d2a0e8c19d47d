import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useAddPasskey, useAuthenticators, useRemovePasskey } from "@/features/accounts/api/second-factors";
import { Field } from "@/features/accounts/components/field";
import { Form } from "@/features/accounts/components/form";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { useDateText } from "@/features/accounts/hooks/use-date-text";
import { useFormErrors } from "@/features/accounts/hooks/use-form-errors";
import { deviceName } from "@/features/accounts/state/device-name";
import type { Authenticator, Passkey } from "@/features/accounts/types";
import { hasPasskeys } from "@/features/accounts/webauthn";
import { useT } from "@/i18n/language";

/** Signing in with a finger, a face or a PIN of the device. */
export function PasskeysSection() {
  const t = useT();
  const authenticators = useAuthenticators();
  return (
    <Section title={t("account.passkeys")} intro={t("account.passkeysIntro")}>
      <Loaded query={authenticators} lines={[55]}>
        {(all) => <Passkeys passkeys={all.filter(isPasskey)} />}
      </Loaded>
      {hasPasskeys() ? <AddPasskey /> : <Notice isNews={false}>{t("account.passkeysUnsafe")}</Notice>}
    </Section>
  );
}

type KnownPasskey = Extract<Authenticator, Passkey>;

function isPasskey(one: Authenticator): one is KnownPasskey {
  return one.type === "webauthn";
}

function Passkeys({ passkeys }: { passkeys: KnownPasskey[] }) {
  const t = useT();
  const [toRemove, setToRemove] = useState<KnownPasskey | null>(null);
  const remove = useRemovePasskey();
  return (
    <>
      {passkeys.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets
        <ul role="list" className={styles.list} aria-label={t("account.passkeys")}>
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => setToRemove(passkey)} />
          ))}
        </ul>
      )}
      <Failure of={remove.error} />
      {toRemove && (
        <ConfirmDialog
          title={t("account.passkeyRemoveTitle")}
          text={t("account.passkeyRemoveText", { name: toRemove.name })}
          confirmLabel={t("account.remove")}
          cancelLabel={t("common.cancel")}
          onCancel={() => setToRemove(null)}
          onConfirm={() => {
            setToRemove(null);
            remove.mutate(toRemove.id);
          }}
        />
      )}
    </>
  );
}

function PasskeyRow({ passkey, onRemove }: { passkey: KnownPasskey; onRemove: () => void }) {
  const t = useT();
  const dateText = useDateText();
  const { name, created_at: since, last_used_at: lastUsed } = passkey;
  const used = lastUsed ? t("account.lastUsed", { date: dateText(lastUsed) }) : t("account.neverUsed");
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        {name}
        <span className={styles.detail}>
          {t("account.since", { date: dateText(since) })} · {used}
        </span>
      </span>
      <Button aria-label={t("account.removeNamed", { name })} onClick={onRemove}>
        {t("account.remove")}
      </Button>
    </li>
  );
}

function AddPasskey() {
  const t = useT();
  const add = useAddPasskey();
  const errors = useFormErrors(add.error, ["name"]);
  return (
    <>
      <Form
        submitLabel={t("account.passkeyAdd")}
        isBusy={add.isPending}
        failure={errors.general}
        tone="plain"
        onSubmit={({ text }, form) => add.mutate(text("name").trim(), { onSuccess: () => form.reset() })}
      >
        <Field
          label={t("account.passkeyName")}
          name="name"
          hint={t("account.passkeyNameHint")}
          defaultValue={deviceName(navigator.userAgent)}
          autoComplete="off"
          maxLength={100}
          error={errors.of("name")}
        />
      </Form>
      {add.isSuccess && (
        <Notice>
          {t("account.passkeyAdded")} {add.data.hasNewRecoveryCodes && t("account.passkeyAddedCodes")}
        </Notice>
      )}
    </>
  );
}
