import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Section } from "@/components/ui/section";
import styles from "@/components/ui/section.module.css";
import { useDevices, useEndDevices } from "@/features/accounts/api/devices";
import { Failure, Loaded } from "@/features/accounts/components/loaded";
import { useDateText } from "@/features/accounts/hooks/use-date-text";
import { deviceName } from "@/features/accounts/state/device-name";
import type { Device } from "@/features/accounts/types";
import { useT } from "@/i18n/language";

/** Where the account is signed in; `onLeft` is called when this device is logged out with the others. */
export function DevicesSection({ onLeft }: { onLeft: () => void }) {
  const t = useT();
  const devices = useDevices();
  return (
    <Section title={t("account.devices")} intro={t("account.devicesIntro")}>
      <Loaded query={devices} lines={[60, 70]}>
        {(all) => <Devices devices={all} onLeft={onLeft} />}
      </Loaded>
    </Section>
  );
}

function Devices({ devices, onLeft }: { devices: Device[]; onLeft: () => void }) {
  const t = useT();
  const [isAsking, setAsking] = useState(false);
  const end = useEndDevices();
  const endAll = () => {
    setAsking(false);
    end.mutate(
      devices.map(({ id }) => id),
      { onSuccess: onLeft },
    );
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets */}
      <ul role="list" className={styles.list} aria-label={t("account.devices")}>
        {devices.map((device) => (
          <DeviceRow key={device.id} device={device} onEnd={() => end.mutate([device.id])} />
        ))}
      </ul>
      <Failure of={end.error} />
      <div className={styles.actions}>
        <Button onClick={() => setAsking(true)}>{t("account.logOutEverywhere")}</Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t("account.everywhereTitle")}
          text={t("account.everywhereText")}
          confirmLabel={t("account.logOutEverywhere")}
          cancelLabel={t("common.cancel")}
          onCancel={() => setAsking(false)}
          onConfirm={endAll}
        />
      )}
    </>
  );
}

function DeviceRow({ device, onEnd }: { device: Device; onEnd: () => void }) {
  const t = useT();
  const dateText = useDateText();
  const name = deviceName(device.user_agent) || t("account.deviceUnknown");
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        {name}
        <span className={styles.detail}>
          {t("account.since", { date: dateText(device.created_at) })} · {device.ip}
        </span>
      </span>
      {device.is_current ? (
        <span className={styles.tag}>{t("account.thisDevice")}</span>
      ) : (
        <Button aria-label={t("account.logOutNamed", { name })} onClick={onEnd}>
          {t("account.logOut")}
        </Button>
      )}
    </li>
  );
}
