import { useDocuments } from "@/features/documents/api/list-documents";
import styles from "@/features/documents/components/library.module.css";
import { Bar } from "@/features/documents/components/reading-state";
import { useLanguage, useT } from "@/i18n/language";
import { formatBytes } from "@/lib/format-bytes";

/** From this share of the limit on the visitor is told that space runs out. */
const NEARLY_FULL = 0.9;

/** How much of one's space the files take. */
export function SpaceUsed({ courseId }: { courseId: string | null }) {
  const t = useT();
  const language = useLanguage();
  const space = useDocuments({ courseId, name: "" }).data?.pages[0]?.space;
  if (!space) return null;
  const used = formatBytes(space.used_bytes, language);
  const limit = formatBytes(space.limit_bytes, language);
  const text = t("library.usedOf", { used, limit });
  const isFull = space.used_bytes >= NEARLY_FULL * space.limit_bytes;
  return (
    <div className={styles.space}>
      <p>
        {text}
        {isFull && ` ${t("library.nearlyFull")}`}
      </p>
      <Bar label={text} share={Math.min(1, space.used_bytes / space.limit_bytes)} />
    </div>
  );
}
