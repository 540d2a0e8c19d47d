import { Notice } from "@/components/ui/notice";
import { PageView } from "@/features/documents/components/page-view";
import { SourceList } from "@/features/documents/components/source-list";
import styles from "@/features/documents/components/sources.module.css";
import type { Place } from "@/features/documents/types";
import { useT } from "@/i18n/language";
import type { SourcePart } from "@/types/wire";

interface SourceViewProps {
  sources: SourcePart[];
  selected: number;
  onSelect: (index: number) => void;
}

/** What an answer rests on: all its places, and the page of one of them. */
export function SourceView({ sources, selected, onSelect }: SourceViewProps) {
  const source = sources[selected];
  const place = source && placeOf(source);
  return (
    <div className={styles.view}>
      <SourceList sources={sources} selected={selected} onSelect={onSelect} />
      {source && <Doubt source={source} />}
      {place && <PageView key={JSON.stringify(place)} place={place} />}
    </div>
  );
}

/** A claim that its page does not bear is shown, and said to be so. */
function Doubt({ source: { document_id, n, verified, claim } }: { source: SourcePart }) {
  const t = useT();
  if (verified) return null;
  const sentence = document_id ? t("source.unverified") : t("source.unknown", { n });
  return (
    <div className={styles.doubtful}>
      <Notice isNews={false}>
        {sentence}
        {claim && <q className={styles.claim}>{claim}</q>}
      </Notice>
    </div>
  );
}

function placeOf({ document_id, filename, page, start, end, verified }: SourcePart): Place | null {
  if (document_id === null) return null;
  const quote = verified && end > start ? { start, end } : null;
  return { documentId: document_id, filename, page, quote };
}
