"""What the student should know about the pages of a file: which were read by OCR, which were not read, and why."""

from collections.abc import Sequence

from apps.documents.extraction.results import UNITS, Kind, Method, PageSeen, PageState, Reason
from apps.documents.ranges import listed

NO_OCR = "this server has no OCR (whoever runs it can install tesseract-ocr)"


def notes_on_pages(kind: Kind, pages: Sequence[PageSeen], *, has_ocr: bool) -> list[str]:
    """A sentence for each lot of pages that were not simply read; none when all were."""
    unit, notes = UNITS[kind], []

    def told(state: PageState, method: Method, one: str, more: str) -> None:
        numbers = [page.number for page in pages if (page.state, page.method) == (state, method)]
        if numbers:
            which = listed(unit, numbers)
            notes.append(f"{which[0].upper()}{which[1:]} {one if len(numbers) == 1 else more}.")

    told("read", "ocr", "was read by OCR: words may be wrong", "were read by OCR: words may be wrong")
    told("empty", "ocr", "is a picture without words", "are pictures without words")
    why = "" if kind not in ("pdf", "image") or has_ocr else f"; what is in pictures was not read, since {NO_OCR}"
    if kind == "pptx":
        why = "; what is in pictures was not read"
    told("empty", "text", f"has no text{why}", f"have no text{why}")
    told("failed", "text", "is damaged and was not read", "are damaged and were not read")
    told("failed", "ocr", "took too long for OCR and was not read", "took too long for OCR and were not read")
    return notes


def refusal_of(kind: Kind, pages: Sequence[PageSeen], *, has_ocr: bool) -> Reason | None:
    """Why a file of which these are all pages is as good as none; a picture may still be looked at."""
    if any(page.state == "read" for page in pages) or (kind == "image" and pages):
        return None
    if any(page.state == "failed" for page in pages) and not any(page.state == "empty" for page in pages):
        return "broken"
    if kind == "pdf" and pages:
        return "no_text" if has_ocr else "no_ocr"
    return "no_text" if kind == "pptx" else "empty"
