import { useDocument } from "@/features/documents/api/get-document";
import styles from "@/features/documents/components/documents.module.css";
import { KindIcon } from "@/features/documents/components/kind-icon";
import { ReadingState } from "@/features/documents/components/reading-state";
import type { StudyDocument } from "@/types/wire";

interface DocumentChipProps {
  id: string;
  filename: string;
  /** What the conversation says of it; null where it says nothing. */
  known: StudyDocument | null;
  /** Opens it at its first page. */
  onOpen: (() => void) | null;
}

/** A file that went with a message, and how well it could be read. */
export function DocumentChip({ id, filename, known, onOpen }: DocumentChipProps) {
  const document = useDocument(id, known ?? undefined).data;
  const name = document?.filename ?? filename;
  return (
    <div className={styles.document}>
      <KindIcon kind={document?.kind ?? ""} />
      <div className={styles.about}>
        <p className={styles.name} title={name}>
          {onOpen && document?.state === "ready" ? (
            <button type="button" className={styles.open} onClick={onOpen}>
              <bdi>{name}</bdi>
            </button>
          ) : (
            <bdi>{name}</bdi>
          )}
        </p>
        {document && <ReadingState document={document} />}
        {document?.notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
      </div>
    </div>
  );
}
