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
import type { DocumentPage, Place } from "@/features/documents/types";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import { savesData } from "@/lib/saves-data";

/** A page of a file, as a picture or as its text, with the quote marked, and the way to the other pages. */
export function PageView({ place }: { place: Place }) {
  const t = useT();
  const errorText = useErrorText();
  const [number, setNumber] = useState(place.page);
  const page = useDocumentPage(place.documentId, number);
  const quote = number === place.page ? place.quote : null;
  if (page.isError) {
    return (
      <div className={styles.view}>
        <Notice
          tone="danger"
          action={<Button onClick={() => void page.refetch()}>{t("common.retry")}</Button>}
        >
          {errorText(page.error)}
        </Notice>
      </div>
    );
  }
  return (
    <div className={styles.view}>
      <PageSteps page={page.data ?? null} place={place} number={number} onChange={setNumber} />
      {page.data ? (
        <PageFaces page={page.data} quote={quote} />
      ) : (
        <div className={styles.loading}>
          <Skeleton label={t("common.loading")} lines={[60, 94, 88, 96, 70, 90]} />
        </div>
      )}
    </div>
  );
}

interface PageStepsProps {
  page: DocumentPage | null;
  place: Place;
  number: number;
  onChange: (number: number) => void;
}

function PageSteps({ page, place, number, onChange }: PageStepsProps) {
  const t = useT();
  const { previous = null, next = null, page_count: count = 0 } = page ?? {};
  // Not `disabled`: at the first page the focus would be lost.
  const step = (to: number | null) => ({
    "aria-disabled": to === null,
    onClick: () => to !== null && onChange(to),
  });
  return (
    <div className={styles.steps}>
      <IconButton label={t("page.previous")} icon={<ChevronLeft aria-hidden />} {...step(previous)} />
      <p className={styles.where} aria-live="polite">
        {count > 0 ? t("page.of", { n: number, count }) : t("page.number", { n: number })}
        {page?.label && !isPlain(page) && <span className={styles.label}>{page.label}</span>}
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

/** Whether the label only says the number again. */
function isPlain({ label, number }: DocumentPage): boolean {
  return label.endsWith(` ${number}`);
}

type Face = "picture" | "text";

interface PageFacesProps {
  page: DocumentPage;
  quote: Place["quote"];
}

/** Picture and text of a page; who spares data sees the text first, and the picture when asked for. */
function PageFaces({ page, quote }: PageFacesProps) {
  const t = useT();
  const [face, setFace] = useState<Face>(savesData() ? "text" : "picture");
  if (!page.has_image) return <PageText page={page} quote={quote} />;
  return (
    <Tabs.Root className={styles.faces} value={face} onValueChange={(value) => setFace(value as Face)}>
      <Tabs.List className={styles.tabs} aria-label={t("page.faces")}>
        <Tabs.Trigger value="picture">{t("page.picture")}</Tabs.Trigger>
        <Tabs.Trigger value="text">{t("page.text")}</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content className={styles.face} value="picture" tabIndex={-1}>
        <PagePicture key={page.number} page={page} quote={quote} onText={() => setFace("text")} />
      </Tabs.Content>
      <Tabs.Content className={styles.face} value="text" tabIndex={-1}>
        <PageText page={page} quote={quote} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
