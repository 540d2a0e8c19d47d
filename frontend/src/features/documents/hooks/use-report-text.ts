import { useServerText } from "@/hooks/use-server-text";
import { useT } from "@/i18n/language";
import type { StudyDocument } from "@/types/wire";

/** One line on how far a file is read, what was read of it, or why nothing was. */
export function useReportText(): (document: StudyDocument) => string {
  const t = useT();
  const serverText = useServerText();
  return (document) => {
    const { state, pages, pages_done, problem } = document;
    if (state === "failed") return problem ? serverText(problem.code, problem.detail) : t("files.failed");
    if (state === "waiting") return t("files.waiting");
    if (state === "reading") {
      return pages_done > 0 && pages > 0
        ? t("files.readingPage", { n: pages_done, count: pages })
        : t("files.reading");
    }
    return reportOf(document, t);
  };
}

/** "12 pages read, 3 by OCR, 1 empty": what there is none of is not said. */
function reportOf({ report }: StudyDocument, t: ReturnType<typeof useT>): string {
  const { read, ocr, empty, failed, cut } = report;
  const parts = [
    t("files.pagesRead", { n: read + ocr }),
    ...(ocr > 0 ? [t("files.byOcr", { n: ocr })] : []),
    ...(empty > 0 ? [t("files.emptyPages", { n: empty })] : []),
    ...(failed > 0 ? [t("files.damagedPages", { n: failed })] : []),
    ...(cut > 0 ? [t("files.cutPages", { n: cut })] : []),
  ];
  return parts.join(", ");
}

/** Whether a file is still to be read, or being read. */
export function isBeingRead({ state }: StudyDocument): boolean {
  return state === "waiting" || state === "reading";
}
