import { Command } from "cmdk";
import { Check, Search, X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { flushSync } from "react-dom";
import { IconButton } from "@/components/ui/button";
import { Keys } from "@/components/ui/keys";
import { Modal } from "@/components/ui/modal";
import { VisuallyHidden } from "@/components/ui/visually-hidden";
import styles from "@/features/palette/components/palette.module.css";
import { matching } from "@/features/palette/state/matching";
import type { PaletteGroup, PaletteItem } from "@/features/palette/types";
import { useT } from "@/i18n/language";

interface PaletteProps {
  groups: PaletteGroup[];
  words: string;
  onWords: (words: string) => void;
  /** What goes on while, or in place of, results that come from elsewhere. */
  notice: string | null;
  onClose: () => void;
}

/** One field in which everything is found that can be done or opened; arrows and Enter choose. */
export function Palette({ groups, words, onWords, notice, onClose }: PaletteProps) {
  const t = useT();
  const titleId = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const shown = matching(groups, words);
  const count = shown.reduce((sum, { items }) => sum + items.length, 0);
  const said = notice ?? (count === 0 ? t("palette.nothing") : null);
  const close = (then: () => void) => {
    // The focus is given back first: what is done next may take it.
    flushSync(onClose);
    then();
  };
  return (
    <Modal className={styles.palette} labelledBy={titleId} onClose={onClose}>
      <Command shouldFilter={false} loop vimBindings={false} label={t("palette.title")}>
        <h2 id={titleId} className="visually-hidden">
          {t("palette.title")}
        </h2>
        <div className={styles.field}>
          <Search aria-hidden />
          <Command.Input
            ref={field}
            value={words}
            onValueChange={onWords}
            placeholder={t("palette.placeholder")}
            enterKeyHint="go"
          />
          <IconButton label={t("common.close")} icon={<X aria-hidden />} onClick={onClose} />
        </div>
        <Command.List label={t("palette.results")} className={styles.list}>
          {shown.map((group) => (
            <Command.Group key={group.id} heading={group.title} className={styles.group}>
              {group.items.map((item) => (
                <Item key={item.id} item={item} onSelect={() => close(item.onSelect)} />
              ))}
            </Command.Group>
          ))}
        </Command.List>
        <p className={said ? styles.notice : "visually-hidden"} role="status">
          {said ?? (words && t("palette.found", { n: count }))}
        </p>
      </Command>
    </Modal>
  );
}

function Item({ item, onSelect }: { item: PaletteItem; onSelect: () => void }) {
  const t = useT();
  return (
    <Command.Item value={item.id} className={styles.item} onSelect={onSelect}>
      <span className={styles.icon}>{item.icon}</span>
      <span className={styles.about} dir="auto">
        <span className={styles.name}>{item.label ?? item.name}</span>
        {item.detail && <span className={styles.detail}>{item.detail}</span>}
      </span>
      {item.isChosen && (
        <span className={styles.chosen}>
          <Check aria-hidden />
          <VisuallyHidden>{t("palette.chosen")}</VisuallyHidden>
        </span>
      )}
      {item.keys && <Keys chord={item.keys} />}
    </Command.Item>
  );
}
