"""What the student should know about the pages of a file: which were read by OCR, which were not read, and why."""

import sys
from collections.abc import Container, Sequence

from apps.documents.extraction.job import OcrJob
from apps.documents.extraction.results import PAGE_MAX_CHARACTERS, UNITS, Kind, Method, PageSeen, PageState, Reason
from apps.documents.ranges import listed

NO_OCR = "this server has no OCR (whoever runs it can install tesseract-ocr)"

NOT_READ = "not read: OCR did not get through"
ALL = range(1, sys.maxsize)


def notes_on_pages(kind: Kind, pages: Sequence[PageSeen], *, ocr: OcrJob) -> list[str]:
    """A sentence for each lot of pages that were not simply read; none when all were."""
    unit, notes = UNITS[kind], []

    def told(state: PageState, method: Method, one: str, more: str, *, within: Container[int] = ALL) -> None:
        numbers = [page.number for page in pages if (page.state, page.method) == (state, method)]
        if numbers := [number for number in numbers if number in within]:
            which = listed(unit, numbers)
            notes.append(f"{which[0].upper()}{which[1:]} {one if len(numbers) == 1 else more}.")

    told("read", "ocr", "was read by OCR: words may be wrong", "were read by OCR: words may be wrong")
    told("empty", "ocr", "is a picture without words", "are pictures without words")
    why = "" if kind not in ("pdf", "image") or ocr.program else f"; what is in pictures was not read, since {NO_OCR}"
    if kind == "pptx":
        why = "; what is in pictures was not read"
    told("empty", "text", f"has no text{why}", f"have no text{why}")
    told("failed", "text", "is damaged and was not read", "are damaged and were not read")
    tried = range(1, ocr.max_pages + 1)
    told("failed", "ocr", f"was {NOT_READ} it", f"were {NOT_READ} them", within=tried)
    why = f"not read: OCR is tried on the first {ocr.max_pages:,} {unit}s only"
    told("failed", "ocr", f"was {why}", f"were {why}", within=range(ocr.max_pages + 1, ALL.stop))
    if cut := [page.number for page in pages if page.characters >= PAGE_MAX_CHARACTERS]:
        notes.append(f"The text of {listed(unit, cut)} was cut: there is too much of it.")
    return notes


def refusal_of(kind: Kind, pages: Sequence[PageSeen], *, has_ocr: bool) -> Reason | None:
    """Why a file of which these are all pages is as good as none; a picture may still be looked at."""
    if any(page.state == "read" for page in pages) or (kind == "image" and pages):
        return None
    if any((page.state, page.method) == ("failed", "ocr") for page in pages):
        return "ocr_failed"
    if any(page.state == "failed" for page in pages) and not any(page.state == "empty" for page in pages):
        return "broken"
    if kind == "pdf" and pages:
        return "no_text" if has_ocr else "no_ocr"
    return "no_text" if kind == "pptx" else "empty"
