import { FileUp, RotateCcw, X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useDocument } from "@/features/documents/api/get-document";
import styles from "@/features/documents/components/documents.module.css";
import { KindIcon } from "@/features/documents/components/kind-icon";
import { ReadingState } from "@/features/documents/components/reading-state";
import { UploadState } from "@/features/documents/components/upload-state";
import type { Attachments } from "@/features/documents/hooks/use-attachments";
import type { Upload } from "@/features/documents/state/uploads";
import type { AttachedFile } from "@/features/documents/types";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { isRepeatable } from "@/lib/errors";

interface AttachmentListProps {
  attachments: Attachments;
  /** The question is on its way: nothing can be taken back. */
  isSending: boolean;
}

/** The files beside the text that is being written: on their way, being read, or read. */
export function AttachmentList({ attachments, isSending }: AttachmentListProps) {
  const t = useT();
  const { files, uploads, refusals, remove, retry } = attachments;
  if (files.length + uploads.length + refusals.length === 0) return null;
  const onRemove = (id: string) => (isSending ? null : () => remove(id));
  return (
    <div className={styles.attachments}>
      {refusals.length > 0 && <Notice tone="danger">{refusals.join(" ")}</Notice>}
      {files.length + uploads.length > 0 && (
        // biome-ignore lint/a11y/noRedundantRoles: Safari forgets the role of a list without bullets
        <ul className={styles.chips} role="list" aria-label={t("files.list")}>
          {files.map((file) => (
            <AttachedChip key={file.id} file={file} onRemove={onRemove(file.id)} />
          ))}
          {uploads.map((upload) => (
            <UploadChip
              key={upload.id}
              upload={upload}
              onRetry={() => retry(upload.id)}
              onRemove={onRemove(upload.id)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function AttachedChip({ file, onRemove }: { file: AttachedFile; onRemove: (() => void) | null }) {
  const t = useT();
  const errorText = useErrorText();
  const { data, error } = useDocument(file.id);
  return (
    <Chip
      icon={<KindIcon kind={data?.kind ?? ""} />}
      name={data?.filename ?? file.filename}
      onRemove={onRemove}
    >
      {data && <ReadingState document={data} />}
      {data?.state === "failed" && <p className={styles.facts}>{t("files.staysBehind")}</p>}
      {!data && error && (
        <p className={styles.failure} role="alert">
          {errorText(error)}
        </p>
      )}
    </Chip>
  );
}

interface UploadChipProps {
  upload: Upload;
  onRetry: () => void;
  onRemove: (() => void) | null;
}

function UploadChip({ upload, onRetry, onRemove }: UploadChipProps) {
  const t = useT();
  const { file, error } = upload;
  const canRetry = error !== null && isRepeatable(error);
  return (
    <Chip
      icon={<FileUp aria-hidden />}
      name={file.name}
      onRemove={onRemove}
      action={
        canRetry && (
          <IconButton
            label={t("files.retry", { name: file.name })}
            icon={<RotateCcw aria-hidden />}
            onClick={onRetry}
          />
        )
      }
    >
      <UploadState upload={upload} />
    </Chip>
  );
}

interface ChipProps {
  icon: ReactNode;
  name: string;
  action?: ReactNode;
  onRemove: (() => void) | null;
  children: ReactNode;
}

function Chip({ icon, name, action, onRemove, children }: ChipProps) {
  const t = useT();
  return (
    <li className={styles.chip}>
      {icon}
      <div className={styles.about}>
        <p className={styles.name} title={name}>
          <bdi>{name}</bdi>
        </p>
        {children}
      </div>
      {action}
      {onRemove && (
        <IconButton label={t("files.remove", { name })} icon={<X aria-hidden />} onClick={onRemove} />
      )}
    </li>
  );
}
