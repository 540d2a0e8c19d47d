import { X } from "lucide-react";
import type { ReactNode } from "react";
import styles from "@/app/lazy-source-panel.module.css";
import type { SourcePanelProps } from "@/app/source-panel";
import { IconButton } from "@/components/ui/button";
import { PartFailed } from "@/components/ui/part-failed";
import { Skeleton } from "@/components/ui/skeleton";
import { partOf, usePart } from "@/hooks/use-part";
import { useT } from "@/i18n/language";

const panel = partOf(() => import("@/app/source-panel"));

/** The source panel, fetched when the first source is opened. */
export function LazySourcePanel(props: SourcePanelProps): ReactNode {
  const t = useT();
  const { module, hasFailed, retry } = usePart(panel);
  if (module) return <module.SourcePanel {...props} />;
  return (
    <aside className={styles.coming} aria-label={t("source.title")}>
      <IconButton
        className={styles.close ?? ""}
        label={t("common.close")}
        icon={<X aria-hidden />}
        onClick={props.onClose}
      />
      {hasFailed ? (
        <PartFailed onRetry={retry} />
      ) : (
        <Skeleton label={t("common.loading")} lines={[30, 92, 86, 95, 60]} />
      )}
    </aside>
  );
}
