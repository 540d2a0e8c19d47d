import { useEffect, useRef } from "react";
import styles from "@/features/documents/components/documents.module.css";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

interface PassageListProps {
  passages: SourcePart[];
  /** The passage that was asked for: shown first thing, and marked. */
  selected: number | null;
}

/** The places that an answer rests on, each with its file, its page and the quote. */
export function PassageList({ passages, selected }: PassageListProps) {
  const t = useT();
  const chosen = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (selected !== null) chosen.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <div className={styles.passages}>
      <p className={styles.intro}>{t("passages.intro")}</p>
      <ol className={styles.list}>
        {passages.map((passage) => (
          <li
            key={passage.n}
            ref={passage.n === selected ? chosen : null}
            className={styles.passage}
            aria-current={passage.n === selected ? "true" : undefined}
          >
            <p className={styles.place}>
              <span className={styles.number}>{passage.n}</span>
              <span>
                <span className={styles.name}>{passage.filename}</span>{" "}
                <span className={styles.facts}>{placeOf(passage, t)}</span>
              </span>
            </p>
            <blockquote className={styles.quote}>
              <mark>{passage.quote}</mark>
            </blockquote>
            {passage.verified === false && <p className={styles.note}>{t("passages.unverified")}</p>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function placeOf({ page, label }: SourcePart, t: ReturnType<typeof useT>): string {
  if (label) return label;
  return page > 0 ? t("passages.page", { n: page }) : "";
}
