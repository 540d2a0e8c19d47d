import { FileUp, RotateCcw, X } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import styles from "@/features/documents/components/library.module.css";
import { UploadState } from "@/features/documents/components/upload-state";
import type { Upload } from "@/features/documents/state/uploads";
import { useT } from "@/i18n/language";
import { isRepeatable } from "@/lib/errors";

interface UploadRowProps {
  upload: Upload;
  onRetry: () => void;
  onRemove: () => void;
}

/** A file on its way to the library. */
export function UploadRow({ upload, onRetry, onRemove }: UploadRowProps) {
  const t = useT();
  const { file, error } = upload;
  return (
    <li className={styles.row}>
      <span className={styles.icon}>
        <FileUp aria-hidden />
      </span>
      <div className={styles.about}>
        <h3 className={styles.name}>
          <bdi>{file.name}</bdi>
        </h3>
        <UploadState upload={upload} />
      </div>
      <div className={styles.actions}>
        {error !== null && isRepeatable(error) && (
          <IconButton
            label={t("files.retry", { name: file.name })}
            icon={<RotateCcw aria-hidden />}
            onClick={onRetry}
          />
        )}
        <IconButton
          label={t("files.remove", { name: file.name })}
          icon={<X aria-hidden />}
          onClick={onRemove}
        />
      </div>
    </li>
  );
}
