import { useEffect, useRef } from "react";
import { Notice } from "@/components/ui/notice";
import styles from "@/features/documents/components/page-view.module.css";
import type { DocumentPage, Place } from "@/features/documents/types";
import { useT } from "@/i18n/language";
import { cutAtMarks } from "@/lib/marked-text";

interface PageTextProps {
  page: DocumentPage;
  quote: Place["quote"];
}

/** What was read of a page, with the quote marked and in sight. */
export function PageText({ page, quote }: PageTextProps) {
  const t = useT();
  const mark = useRef<HTMLElement>(null);
  const place = `${page.number}:${quote?.start}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each place that is opened
  useEffect(() => {
    // Newer browsers answer with a promise, which is no way to end an effect.
    mark.current?.scrollIntoView({ block: "center" });
  }, [place]);
  if (page.state !== "read") {
    return <p className={styles.nothing}>{t(page.state === "empty" ? "page.empty" : "page.damaged")}</p>;
  }
  const pieces = cutAtMarks(page.text, quote ? [[quote.start, quote.end]] : []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className={styles.text} aria-label={t("page.text")} tabIndex={0}>
      {page.method === "ocr" && <Notice isNews={false}>{t("page.ocr")}</Notice>}
      <p className={styles.words} dir="auto">
        {pieces.map(({ text, isMarked }, index) =>
          isMarked ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
            <mark key={index} ref={mark}>
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    </section>
  );
}
