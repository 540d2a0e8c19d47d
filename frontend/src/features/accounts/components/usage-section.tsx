import { useId } from "react";
import { Section } from "@/components/ui/section";
import { useUsage } from "@/features/accounts/api/usage";
import { Loaded } from "@/features/accounts/components/loaded";
import styles from "@/features/accounts/components/usage.module.css";
import type { Usage } from "@/features/accounts/types";
import { useMomentText } from "@/hooks/use-moment-text";
import { useT } from "@/i18n/language";

/** What was used today, of how much, and when it begins anew. */
export function UsageSection() {
  const t = useT();
  const usage = useUsage();
  return (
    <Section title={t("account.usage")} intro={t("account.usageIntro")}>
      <Loaded query={usage} lines={[100, 40]}>
        {(data) => <UsageBar usage={data} />}
      </Loaded>
    </Section>
  );
}

function UsageBar({ usage: { tokens, streams } }: { usage: Usage }) {
  const t = useT();
  const used = tokens.used + tokens.reserved;
  return (
    <div className={styles.usage}>
      {tokens.limit === null ? (
        <p className={styles.line}>{t("account.usedFree", { used })}</p>
      ) : (
        <Limited used={used} limit={tokens.limit} resetsAt={tokens.resets_at} />
      )}
      <p className={styles.detail}>
        {streams.limit === null
          ? t("account.streamsFree", { running: streams.running })
          : t("account.streams", { running: streams.running, limit: streams.limit })}
      </p>
    </div>
  );
}

function Limited({ used, limit, resetsAt }: { used: number; limit: number; resetsAt: string }) {
  const t = useT();
  const id = useId();
  const momentText = useMomentText();
  return (
    <>
      <p id={id} className={styles.line}>
        {t("account.used", { used, limit })}
      </p>
      <progress className={styles.bar} aria-labelledby={id} max={limit} value={Math.min(used, limit)} />
      {used >= limit && <p className={styles.full}>{t("account.usedUp")}</p>}
      <p className={styles.detail}>{t("account.resets", { time: momentText(resetsAt) })}</p>
    </>
  );
}
