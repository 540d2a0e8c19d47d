import { CircleHelp } from "lucide-react";
import { useEffect, useRef } from "react";
import styles from "@/features/documents/components/sources.module.css";
import { usePlaceText } from "@/features/documents/hooks/use-place-text";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

interface SourceListProps {
  sources: SourcePart[];
  /** Index of the one that is open. */
  selected: number;
  onSelect: (index: number) => void;
}

/** The places that an answer rests on, each with its file, its page and the quote; one of them is open. */
export function SourceList({ sources, selected, onSelect }: SourceListProps) {
  const t = useT();
  const open = sources[selected];
  const isCited = sources.some(({ cited }) => cited);
  const list = useRef<HTMLOListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each one that is opened
  useEffect(() => {
    // Newer browsers answer with a promise, which is no way to end an effect.
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <nav className={styles.sources} aria-label={t("source.list")}>
      {!isCited && <p className={styles.intro}>{t("source.uncited")}</p>}
      <ol ref={list} className={styles.list}>
        {rowsOf(sources).map(({ source, index }) => (
          <li key={index}>
            <button
              type="button"
              className={styles.source}
              aria-current={open && isSamePlace(source, open) ? "true" : undefined}
              onClick={() => onSelect(index)}
            >
              <span className={styles.number}>{source.n}</span>
              <span className={styles.about}>
                <Named source={source} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Named({ source }: { source: SourcePart }) {
  const t = useT();
  const placeText = usePlaceText();
  if (source.document_id === null) {
    return <span className={styles.doubt}>{t("source.unknown", { n: source.n })}</span>;
  }
  return (
    <>
      <span className={styles.place}>
        <span className={styles.name} title={source.filename}>
          <bdi>{source.filename}</bdi>
        </span>{" "}
        <span className={styles.page}>{placeText(source)}</span>
      </span>
      {source.verified ? (
        <span className={styles.quote} dir="auto">
          {source.quote}
        </span>
      ) : (
        <span className={styles.doubt}>
          <CircleHelp aria-hidden />
          {t("source.unverified")}
        </span>
      )}
    </>
  );
}

/** Several claims may rest on one place: it is listed once, as the first of them. */
function rowsOf(sources: SourcePart[]): { source: SourcePart; index: number }[] {
  return sources
    .map((source, index) => ({ source, index }))
    .filter(({ source, index }) => sources.findIndex((other) => isSamePlace(other, source)) === index);
}

function isSamePlace(one: SourcePart, other: SourcePart): boolean {
  return (
    one.n === other.n &&
    one.document_id === other.document_id &&
    one.page === other.page &&
    one.verified === other.verified &&
    one.start === other.start
  );
}
