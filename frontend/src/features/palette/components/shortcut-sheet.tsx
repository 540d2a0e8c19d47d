import { X } from "lucide-react";
import { Fragment, useId } from "react";
import { IconButton } from "@/components/ui/button";
import { Keys } from "@/components/ui/keys";
import { Modal } from "@/components/ui/modal";
import { type Chord, type CommandName, SHORTCUTS } from "@/config/shortcuts";
import styles from "@/features/palette/components/palette.module.css";
import { usePreference } from "@/hooks/use-preference";
import { useT } from "@/i18n/language";
import { isLetterKey } from "@/lib/chords";

const ENTRIES = Object.entries(SHORTCUTS) as [CommandName, readonly Chord[]][];

/** Every shortcut, and what it does; those of a single key only while they are on. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const titleId = useId();
  const [letterKeys] = usePreference("letterKeys");
  const isOn = (chord: Chord) => letterKeys === "on" || !isLetterKey(chord);
  return (
    <Modal className={styles.sheet} labelledBy={titleId} onClose={onClose}>
      <div className={styles.sheetContent}>
        <header className={styles.head}>
          <h2 id={titleId}>{t("shortcuts.title")}</h2>
          <IconButton label={t("common.close")} icon={<X aria-hidden />} onClick={onClose} />
        </header>
        <dl className={styles.shortcuts}>
          {ENTRIES.map(([name, chords]) => (
            <div key={name} className={styles.shortcut}>
              <dt>{t(`command.${name}`)}</dt>
              <dd>
                {chords.filter(isOn).map((chord, index) => (
                  <Fragment key={chord.key}>
                    {index > 0 && <span className={styles.or}>{t("shortcuts.or")}</span>}
                    <Keys chord={chord} />
                  </Fragment>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p className={styles.note}>{t(letterKeys === "on" ? "shortcuts.letters" : "shortcuts.lettersOff")}</p>
      </div>
    </Modal>
  );
}
