import { FileUp } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import styles from "@/features/documents/components/documents.module.css";
import { useT } from "@/i18n/language";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Takes files that are dropped anywhere on its content; the same can be done with the button of the composer. */
export function DropZone({ onFiles, children }: DropZoneProps) {
  const t = useT();
  // Entering a child fires before leaving its parent: only the count says whether the pointer is still here.
  const [depth, setDepth] = useState(0);
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse beside a real button
    <div
      className={styles.zone}
      onDragEnter={(event) => carriesFiles(event) && setDepth((count) => count + 1)}
      onDragLeave={(event) => carriesFiles(event) && setDepth((count) => Math.max(0, count - 1))}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {depth > 0 && (
        <div className={styles.drop} aria-hidden>
          <FileUp />
          {t("files.drop")}
        </div>
      )}
    </div>
  );
}
