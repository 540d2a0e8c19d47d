import { useSyncExternalStore } from "react";
import styles from "@/features/offline/components/traffic-used.module.css";
import { useLanguage, useT } from "@/i18n/language";
import { formatBytes } from "@/lib/format-bytes";
import { readTraffic, subscribeToTraffic } from "@/lib/traffic";

/** How much data the page has used here, and what of it is counted. */
export function TrafficUsed() {
  const t = useT();
  const language = useLanguage();
  const { todayBytes, monthBytes } = useSyncExternalStore(subscribeToTraffic, readTraffic);
  const used = { today: formatBytes(todayBytes, language), month: formatBytes(monthBytes, language) };
  return (
    <div>
      <h3 className={styles.title}>{t("traffic.title")}</h3>
      <p>{t("traffic.used", used)}</p>
      <p className={styles.hint}>{t("traffic.counts")}</p>
    </div>
  );
}
