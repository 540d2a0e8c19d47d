import { ZoomIn, ZoomOut } from "lucide-react";
import { useRef, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { FINE_ZOOM, PICTURE_WIDTHS_PX, PICTURE_ZOOMS } from "@/config/limits";
import { API } from "@/config/paths";
import styles from "@/features/documents/components/page-view.module.css";
import type { DocumentPage, Place } from "@/features/documents/types";
import { useLanguage, useT } from "@/i18n/language";
import { withQuery } from "@/lib/with-query";

interface PagePictureProps {
  page: DocumentPage;
  quote: Place["quote"];
  /** Shows the text instead. */
  onText: () => void;
}

/** The page as it looks, with the quote marked by the gateway; it can be made larger. */
export function PagePicture({ page, quote, onText }: PagePictureProps) {
  const t = useT();
  const [zoom, setZoom] = useState(1);
  const [state, setState] = useState<"loading" | "here" | "failed">("loading");
  const frame = useRef<HTMLElement>(null);
  if (state === "failed") {
    return (
      <Notice tone="danger" action={<Button onClick={onText}>{t("page.showText")}</Button>}>
        {t("page.noPicture")}
      </Notice>
    );
  }
  const onLoad = () => {
    setState("here");
    if (frame.current && quote)
      scrollToShare(frame.current, quote.start / Math.max(1, [...page.text].length));
  };
  const alt = t(quote ? "page.altQuote" : "page.alt", { n: page.number, name: page.filename });
  return (
    <>
      <Zoom zoom={zoom} onChange={setZoom} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section ref={frame} className={styles.frame} aria-label={t("page.picture")} tabIndex={0}>
        <img
          className={state === "loading" ? styles.coming : styles.picture}
          style={{ width: `${zoom * 100}%` }}
          src={sourceOf(page, quote, zoom)}
          alt={alt}
          decoding="async"
          onLoad={onLoad}
          onError={() => setState("failed")}
        />
      </section>
    </>
  );
}

function Zoom({ zoom, onChange }: { zoom: number; onChange: (zoom: number) => void }) {
  const t = useT();
  const language = useLanguage();
  const at = PICTURE_ZOOMS.indexOf(zoom);
  const step = (to: number | undefined) => ({
    "aria-disabled": to === undefined,
    onClick: () => to !== undefined && onChange(to),
  });
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(zoom);
  return (
    <div className={styles.zoom}>
      <IconButton label={t("page.zoomOut")} icon={<ZoomOut aria-hidden />} {...step(PICTURE_ZOOMS[at - 1])} />
      <span aria-live="polite">{percent}</span>
      <IconButton label={t("page.zoomIn")} icon={<ZoomIn aria-hidden />} {...step(PICTURE_ZOOMS[at + 1])} />
    </div>
  );
}

/** One picture for the small sizes and a finer one for the large: each is fetched once. */
function sourceOf({ document_id, number }: DocumentPage, quote: Place["quote"], zoom: number): string {
  const [small, fine] = PICTURE_WIDTHS_PX;
  const width = zoom >= FINE_ZOOM ? fine : small;
  const marked = quote ? { start: quote.start, end: quote.end } : {};
  return withQuery(`${API.documentPage(document_id, number)}image/`, { ...marked, width });
}

/** Bring into sight what stands about so far down the page: where exactly, only the gateway knows. */
function scrollToShare(frame: HTMLElement, share: number): void {
  frame.scrollTop = frame.scrollHeight * share - frame.clientHeight / 2;
}
