import { X } from "lucide-react";
import styles from "@/app/chat-page.module.css";
import { IconButton } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { PassageList } from "@/features/documents/components/passage-list";
import { ROOM_FOR_PANEL, useMediaQuery } from "@/hooks/use-media-query";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

export interface OpenPassages {
  passages: SourcePart[];
  selected: number | null;
}

/** What an answer rests on: beside it where there is room, else over it. */
export function PassagesPanel({ open, onClose }: { open: OpenPassages; onClose: () => void }) {
  const t = useT();
  const hasRoom = useMediaQuery(ROOM_FOR_PANEL);
  const list = <PassageList passages={open.passages} selected={open.selected} />;
  if (!hasRoom) {
    return (
      <Sheet side="right" title={t("passages.title")} closeLabel={t("common.close")} onClose={onClose}>
        {list}
      </Sheet>
    );
  }
  return (
    <aside className={styles.panel} aria-labelledby="passages-title">
      <header className={styles.panelHead}>
        <h2 id="passages-title">{t("passages.title")}</h2>
        <IconButton label={t("common.close")} icon={<X aria-hidden />} onClick={onClose} />
      </header>
      {list}
    </aside>
  );
}
