import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useDocumentSearch } from "@/features/documents/api/search-documents";
import styles from "@/features/documents/components/library.module.css";
import { usePlaceText } from "@/features/documents/hooks/use-place-text";
import type { Place, SearchHit } from "@/features/documents/types";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { cutAtMarks } from "@/lib/marked-text";

interface SearchHitsProps {
  words: string;
  courseId: string | null;
  onOpen: (place: Place) => void;
}

/** The places in the files where the words stand; a press opens the page. */
export function SearchHits({ words, courseId, onOpen }: SearchHitsProps) {
  const t = useT();
  const errorText = useErrorText();
  const search = useDocumentSearch(words, courseId);
  return (
    <section aria-labelledby="hits-title">
      <h2 id="hits-title" className={styles.groupTitle}>
        {t("library.inFiles")}
      </h2>
      <p className="visually-hidden" role="status">
        {search.data && !search.isPlaceholderData && t("library.found", { n: search.data.length })}
      </p>
      {search.isPending && <Skeleton label={t("common.loading")} lines={[40, 92, 86, 40, 90]} />}
      {search.isError && (
        <Notice
          tone="danger"
          action={<Button onClick={() => void search.refetch()}>{t("common.retry")}</Button>}
        >
          {errorText(search.error)}
        </Notice>
      )}
      {search.data?.length === 0 && <p className={styles.none}>{t("library.noHits", { words })}</p>}
      {search.data && search.data.length > 0 && (
        <ol className={styles.hits}>
          {search.data.map((hit) => (
            <li key={`${hit.document_id}:${hit.page}:${hit.start}`}>
              <Hit hit={hit} onOpen={onOpen} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Hit({ hit, onOpen }: { hit: SearchHit; onOpen: (place: Place) => void }) {
  const placeText = usePlaceText();
  const { document_id: documentId, filename, page, start, end } = hit;
  return (
    <button
      type="button"
      className={styles.hit}
      onClick={() => onOpen({ documentId, filename, page, quote: { start, end } })}
    >
      <span className={styles.hitPlace}>
        <span className={styles.hitName} dir="auto">
          {filename}
        </span>{" "}
        <span className={styles.facts}>{placeText(hit)}</span>
      </span>{" "}
      <span className={styles.hitText} dir="auto">
        {cutAtMarks(hit.text, hit.marks).map(({ text, isMarked }, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change places
          isMarked ? <mark key={index}>{text}</mark> : text,
        )}
      </span>
    </button>
  );
}
