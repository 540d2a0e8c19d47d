"""PDF, page by page, through PDFium; a page that is a picture goes through OCR."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from PIL import Image
from pypdfium2 import raw

from apps.documents.extraction.accents import accents_joined
from apps.documents.extraction.labels import label
from apps.documents.extraction.ocr import MAX_PIXELS
from apps.documents.extraction.pictures import shrunk
from apps.documents.extraction.results import PAGE_MAX_CHARACTERS, UNITS, Refused
from apps.documents.extraction.task import RawPage, RawPages, Task

UNIT = UNITS["pdf"]
# PDFium joins a word that is hyphenated over two lines and leaves this mark; a quote should read as the page does.
HYPHEN_AT_LINE_END = "\ufffe"
FEW_CHARACTERS = 60  # a stamp or a number on a scan; a page with more has its own text
SCAN_SHARE = 0.5  # of a page, which a picture covers that is a scan of it
POINTS_PER_INCH, OCR_DPI = 72, 300


def read(content: bytes, task: Task) -> RawPages:
    """Yield the text of each page in order; None for a page that PDFium cannot load.

    Raises: Refused.
    """
    document = open_pdf(content)
    task.opened(len(document))
    for number in range(1, len(document) + 1):
        yield _page(document, number, task) if task.wants(number) else None


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """Raises: Refused."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "broken") from error
    if not len(document):
        raise Refused("broken")
    return document


@contextmanager
def loaded(document: pdfium.PdfDocument, number: int) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfTextPage]]:
    """A page with its text, closed afterwards: its layout takes memory until it is. Raises: PdfiumError."""
    page = document[number - 1]
    with closing(page), closing(page.get_textpage()) as text_page:
        yield page, text_page


def _page(document: pdfium.PdfDocument, number: int, task: Task) -> RawPage:
    name = label(UNIT, number)
    try:
        with loaded(document, number) as (page, text_page):
            text = str(text_page.get_text_range(0, min(text_page.count_chars(), PAGE_MAX_CHARACTERS + 1)))
            is_scan = task.ocr.is_installed and _is_scan(page, text.strip())
            picture = _picture(page, number, task) if is_scan and task.may_recognise(number) else None
    except pdfium.PdfiumError:
        return RawPage(name, None)
    text = accents_joined(text.replace(HYPHEN_AT_LINE_END, "-\n"))
    if not is_scan:
        return RawPage(name, text)
    recognised = task.recognised(picture) if picture else None
    if recognised is None:
        return task.without_ocr(name, number, text)
    return RawPage(name, text) if len(recognised) < len(text.strip()) else RawPage(name, recognised, "ocr")


def _picture(page: pdfium.PdfPage, number: int, task: Task) -> Image.Image:
    """The page as OCR reads it."""
    task.begins(number, ocr=True)
    width, height = page.get_size()
    whole = (int(width * OCR_DPI / POINTS_PER_INCH) or 1, int(height * OCR_DPI / POINTS_PER_INCH) or 1)
    scale = shrunk(whole, MAX_PIXELS)[0] / max(width, 1)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        picture: Image.Image = bitmap.to_pil().convert("L")
        return picture
    finally:
        bitmap.close()


def _is_scan(page: pdfium.PdfPage, text: str) -> bool:
    if len(text) >= FEW_CHARACTERS:
        return False
    if not text:
        return bool(raw.FPDFPage_CountObjects(page) > 0)
    width, height = page.get_size()
    return any(
        (right - left) * (top - bottom) >= SCAN_SHARE * width * height
        for left, bottom, right, top in (
            picture.get_bounds() for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        )
    )
