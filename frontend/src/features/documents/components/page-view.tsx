import { ChevronLeft, ChevronRight, Quote } from "lucide-react";
import { Tabs } from "radix-ui";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { useDocumentPage } from "@/features/documents/api/get-page";
import { PagePicture } from "@/features/documents/components/page-picture";
import { PageText } from "@/features/documents/components/page-text";
import styles from "@/features/documents/components/page-view.module.css";
import { headingOf } from "@/features/documents/hooks/use-place-text";
import type { DocumentPage, Place } from "@/features/documents/types";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { savesData } from "@/lib/data-saver";

/** A page of a file, as a picture or as its text, with the quote marked, and the way to the other pages. */
export function PageView({ place }: { place: Place }) {
  const t = useT();
  const errorText = useErrorText();
  const [number, setNumber] = useState(place.page);
  // Who spares data sees the text first, and the picture when asked for; the other pages are shown the same way.
  const [face, setFace] = useState<Face>(savesData() ? "text" : "picture");
  const page = useDocumentPage(place.documentId, number);
  const quote = page.data?.number === place.page ? place.quote : null;
  if (page.isError) {
    return (
      <div className={styles.view}>
        <div className={styles.bar}>
          <PageSteps page={null} isComing={false} place={place} number={number} onChange={setNumber} />
        </div>
        <div className={styles.loading}>
          <Notice
            tone="danger"
            action={<Button onClick={() => void page.refetch()}>{t("common.retry")}</Button>}
          >
            {errorText(page.error)}
          </Notice>
        </div>
      </div>
    );
  }
  return (
    <Tabs.Root className={styles.view} value={face} onValueChange={(value) => setFace(value as Face)}>
      <div className={styles.bar}>
        <PageSteps
          page={page.data ?? null}
          isComing={page.isPlaceholderData}
          place={place}
          number={number}
          onChange={setNumber}
        />
        {page.data?.has_image && (
          <Tabs.List className={styles.tabs} aria-label={t("page.faces")}>
            <Tabs.Trigger value="picture">{t("page.picture")}</Tabs.Trigger>
            <Tabs.Trigger value="text">{t("page.text")}</Tabs.Trigger>
          </Tabs.List>
        )}
      </div>
      {page.data ? (
        <PageFaces page={page.data} quote={quote} onText={() => setFace("text")} />
      ) : (
        <div className={styles.loading}>
          <Skeleton label={t("common.loading")} lines={[60, 94, 88, 96, 70, 90]} />
        </div>
      )}
    </Tabs.Root>
  );
}

interface PageStepsProps {
  /** The page that is shown; null where it could not be fetched. */
  page: DocumentPage | null;
  /** Another one is asked for. */
  isComing: boolean;
  place: Place;
  number: number;
  onChange: (number: number) => void;
}

function PageSteps({ page, isComing, place, number, onChange }: PageStepsProps) {
  const t = useT();
  const heading = page && !isComing ? headingOf(page) : "";
  const { previous = null, next = null, page_count: count = 0 } = page ?? {};
  // Not `disabled`: at the first page the focus would be lost.
  const step = (to: number | null) => ({
    "aria-disabled": to === null,
    onClick: () => to !== null && !isComing && onChange(to),
  });
  return (
    <div className={styles.steps}>
      <IconButton label={t("page.previous")} icon={<ChevronLeft aria-hidden />} {...step(previous)} />
      <p className={styles.where} aria-live="polite">
        {count > 0 ? t("page.of", { n: number, count }) : t("page.number", { n: number })}
        {heading && <span className={styles.label}>{heading}</span>}
      </p>
      <IconButton label={t("page.next")} icon={<ChevronRight aria-hidden />} {...step(next)} />
      {number !== place.page && place.quote && (
        <Button tone="quiet" icon={<Quote aria-hidden />} onClick={() => onChange(place.page)}>
          {t("page.toQuote")}
        </Button>
      )}
    </div>
  );
}

type Face = "picture" | "text";

interface PageFacesProps {
  page: DocumentPage;
  quote: Place["quote"];
  onText: () => void;
}

/** Picture and text of a page; its text alone where it has no picture. */
function PageFaces({ page, quote, onText }: PageFacesProps) {
  if (!page.has_image) return <PageText page={page} quote={quote} />;
  return (
    <>
      <Tabs.Content className={styles.face} value="picture" tabIndex={-1}>
        <PagePicture key={page.number} page={page} quote={quote} onText={onText} />
      </Tabs.Content>
      <Tabs.Content className={styles.face} value="text" tabIndex={-1}>
        <PageText page={page} quote={quote} />
      </Tabs.Content>
    </>
  );
}
