import { Fragment } from "react";
import styles from "@/components/ui/keys.module.css";
import type { Chord } from "@/config/shortcuts";
import { keyNames } from "@/lib/chords";

/** The keys of a shortcut, as they stand on this device's keyboard. */
export function Keys({ chord }: { chord: Chord }) {
  return (
    <span className={styles.keys} dir="ltr">
      {keyNames(chord).map((name, index) => (
        <Fragment key={name}>
          {/* Not seen, but read: the names are words of their own. */}
          {index > 0 && " "}
          <kbd className={styles.key}>{name}</kbd>
        </Fragment>
      ))}
    </span>
  );
}
