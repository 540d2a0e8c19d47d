import { FileText } from "lucide-react";
import styles from "@/features/documents/components/documents.module.css";
import { useT } from "@/i18n/language";
import type { StudyDocument } from "@/types/wire";

interface DocumentChipProps {
  filename: string;
  /** What was read of it; null while that is not known here. */
  document: StudyDocument | null;
}

/** A file that went with a message, and how well it could be read. */
export function DocumentChip({ filename, document }: DocumentChipProps) {
  const t = useT();
  const facts = document && [
    ...(document.pages ? [t("files.pages", { n: document.pages })] : []),
    t("files.characters", { n: document.characters }),
  ];
  return (
    <div className={styles.document}>
      <FileText aria-hidden />
      <div className={styles.about}>
        <p className={styles.name}>{filename}</p>
        {facts && <p className={styles.facts}>{facts.join(" · ")}</p>}
        {document &&
          notesOf(document, t).map((note) => (
            <p key={note} className={styles.note}>
              {note}
            </p>
          ))}
      </div>
    </div>
  );
}

/** The reader's own notes; where it left none, at least the number of pages without text. */
function notesOf(document: StudyDocument, t: ReturnType<typeof useT>): string[] {
  if (document.notes.length > 0) return document.notes;
  return document.pages_empty > 0 ? [t("files.pagesEmpty", { n: document.pages_empty })] : [];
}
