import { lazy, type ReactNode, Suspense } from "react";
import styles from "@/app/lazy-source-panel.module.css";
import type { SourcePanelProps } from "@/app/source-panel";
import { Skeleton } from "@/components/ui/skeleton";
import { useT } from "@/i18n/language";

const Panel = lazy(async () => ({ default: (await import("@/app/source-panel")).SourcePanel }));

/** The source panel, fetched when the first source is opened. */
export function LazySourcePanel(props: SourcePanelProps): ReactNode {
  const t = useT();
  return (
    <Suspense
      fallback={
        <div className={styles.coming}>
          <Skeleton label={t("common.loading")} lines={[30, 92, 86, 95, 60]} />
        </div>
      }
    >
      <Panel {...props} />
    </Suspense>
  );
}
