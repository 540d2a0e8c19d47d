import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { IconButton } from "@/components/ui/button";
import { Modal } from "@/components/ui/modal";
import styles from "@/components/ui/sheet.module.css";

interface SheetProps {
  title: string;
  closeLabel: string;
  side: "left" | "right";
  /** For what needs the room, such as a page to read. */
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel that comes from the side where it lives, over the page. */
export function Sheet({ title, closeLabel, side, isWide = false, onClose, children }: SheetProps) {
  const titleId = useId();
  return (
    <Modal
      className={`${styles.sheet} ${styles[side]} ${isWide ? styles.wide : ""}`}
      labelledBy={titleId}
      onClose={onClose}
    >
      <div className={styles.content}>
        <header className={styles.head}>
          <h2 id={titleId} className={styles.title}>
            {title}
          </h2>
          <IconButton label={closeLabel} icon={<X aria-hidden />} onClick={onClose} />
        </header>
        {children}
      </div>
    </Modal>
  );
}
