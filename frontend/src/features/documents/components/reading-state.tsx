import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import styles from "@/features/documents/components/documents.module.css";
import { isBeingRead, useReportText } from "@/features/documents/hooks/use-report-text";
import type { StudyDocument } from "@/types/wire";

/** How far a file is read, with a bar while it is; then what was read of it, or why nothing was. */
export function ReadingState({ document }: { document: StudyDocument }) {
  const text = useReportText()(document);
  const isOpen = isBeingRead(document);
  const isFailed = document.state === "failed";
  // Each page on its way is no news; how it ended is, to whoever was here before.
  const [wasOpen] = useState(isOpen);
  return (
    <>
      <p
        className={isFailed ? styles.failure : styles.facts}
        role={isFailed && wasOpen ? "alert" : undefined}
      >
        {isFailed && <CircleAlert aria-hidden />}
        {text}
      </p>
      {document.state === "reading" && (
        <Bar label={text} share={document.pages > 0 ? document.pages_done / document.pages : null} />
      )}
      {wasOpen && !isFailed && (
        <VisuallyHidden>
          <span role="status">{isOpen ? "" : `${document.filename}: ${text}`}</span>
        </VisuallyHidden>
      )}
    </>
  );
}

/** How much of something is done; null where nobody knows. */
export function Bar({ label, share }: { label: string; share: number | null }) {
  return (
    <progress
      className={styles.bar}
      aria-label={label}
      max={1}
      {...(share === null ? {} : { value: share })}
    />
  );
}
