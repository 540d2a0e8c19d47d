import { X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import styles from "@/app/source-panel.module.css";
import { IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { PageView } from "@/features/documents/components/page-view";
import { SourceView } from "@/features/documents/components/source-view";
import type { Place } from "@/features/documents/types";
import { ROOM_FOR_PANEL, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

/** What the panel shows: the sources of an answer, one of them open, or a place in a file by itself. */
export type Opened = { sources: SourcePart[]; selected: number } | { place: Place };

export interface SourcePanelProps {
  opened: Opened;
  /** Opens another of the answer's sources. */
  onSelect?: (index: number) => void;
  onClose: () => void;
}

/** A source beside the page where there is room, else over it. */
export function SourcePanel({ opened, onSelect, onClose }: SourcePanelProps) {
  const t = useT();
  const hasRoom = useMediaQuery(ROOM_FOR_PANEL);
  const title = "place" in opened ? opened.place.filename : t("source.title");
  const content =
    "place" in opened ? (
      <PageView key={JSON.stringify(opened.place)} place={opened.place} />
    ) : (
      <SourceView {...opened} onSelect={(index) => onSelect?.(index)} />
    );
  if (!hasRoom) {
    return (
      <Sheet side="right" isWide title={title} closeLabel={t("common.close")} onClose={onClose}>
        {content}
      </Sheet>
    );
  }
  return (
    <Beside title={title} onClose={onClose}>
      {content}
    </Beside>
  );
}

function Beside({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const t = useT();
  const heading = useBorrowedFocus();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // The panel takes this key for itself: an answer that is being written is not stopped by it.
    event.preventDefault();
    onClose();
  };
  return (
    <aside className={styles.panel} aria-labelledby="source-title" onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <h2 id="source-title" ref={heading} tabIndex={-1} title={title} dir="auto">
          {title}
        </h2>
        <IconButton label={t("common.close")} icon={<X aria-hidden />} onClick={onClose} />
      </header>
      {children}
    </aside>
  );
}

/** The focus goes where the element is, and back to what had it before when that leaves. */
function useBorrowedFocus() {
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return place;
}
