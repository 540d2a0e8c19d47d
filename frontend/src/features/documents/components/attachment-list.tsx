import { FileText, X } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import styles from "@/features/documents/components/documents.module.css";
import type { Attachments } from "@/features/documents/hooks/use-attachments";
import { useLanguage, useT } from "@/i18n/language";
import { formatBytes } from "@/lib/format-bytes";

interface AttachmentListProps {
  attachments: Attachments;
  /** Share of the files that has left, in [0, 1]; null while nothing is sent. */
  progress: number | null;
}

/** The files beside the text that is being written. */
export function AttachmentList({ attachments, progress }: AttachmentListProps) {
  const t = useT();
  const language = useLanguage();
  const { items, refusals, remove } = attachments;
  if (items.length === 0 && refusals.length === 0) return null;
  return (
    <div className={styles.attachments}>
      {refusals.length > 0 && <Notice tone="danger">{refusals.join(" ")}</Notice>}
      {items.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets
        <ul className={styles.chips} role="list" aria-label={t("files.list")}>
          {items.map(({ id, file }) => (
            <li key={id} className={styles.chip}>
              <FileText aria-hidden />
              <span className={styles.name}>{file.name}</span>
              <span className={styles.size}>{formatBytes(file.size, language)}</span>
              {progress === null && (
                <IconButton
                  className={styles.remove ?? ""}
                  label={t("files.remove", { name: file.name })}
                  icon={<X aria-hidden />}
                  onClick={() => remove(id)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {items.length > 0 && progress !== null && <UploadProgress share={progress} language={language} />}
    </div>
  );
}

/** First the bytes, then the reading of what they hold, whose length nobody knows. */
function UploadProgress({ share, language }: { share: number; language: string }) {
  const t = useT();
  const isSent = share >= 1;
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(share);
  const label = isSent ? t("composer.reading") : t("composer.uploading", { percent });
  return (
    <div className={styles.progress}>
      <span>{label}</span>
      <progress aria-label={label} {...(isSent ? {} : { value: share })} max={1} />
    </div>
  );
}
