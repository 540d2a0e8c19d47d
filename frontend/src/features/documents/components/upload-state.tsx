import { CircleAlert } from "lucide-react";
import styles from "@/features/documents/components/documents.module.css";
import { Bar } from "@/features/documents/components/reading-state";
import type { Upload } from "@/features/documents/state/uploads";
import { useErrorText } from "@/hooks/use-error-text";
import { useLanguage, useT } from "@/i18n/language";
import { ConnectionLost } from "@/lib/errors";
import { formatBytes } from "@/lib/format-bytes";

/** How much of a file has left, or why it did not arrive. */
export function UploadState({ upload: { file, share, error } }: { upload: Upload }) {
  const t = useT();
  const language = useLanguage();
  const errorText = useErrorText();
  if (error !== null) {
    return (
      <p className={styles.failure} role="alert">
        <CircleAlert aria-hidden />
        {error instanceof ConnectionLost ? t("files.lineCut") : errorText(error)}
      </p>
    );
  }
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(share);
  const size = formatBytes(file.size, language);
  if (share === 0) return <p className={styles.facts}>{t("files.queued", { size })}</p>;
  const text = share >= 1 ? t("files.storing") : t("files.uploading", { percent, size });
  return (
    <>
      <p className={styles.facts}>{text}</p>
      <Bar label={text} share={share >= 1 ? null : share} />
    </>
  );
}
