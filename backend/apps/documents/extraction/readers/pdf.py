"""PDF, page by page, through PDFium."""

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2.raw import FPDF_ERR_PASSWORD  # type: ignore[import-untyped]  # as above

from apps.documents.extraction.results import Refused, Texts

UNIT = "page"
# PDFium joins a word that is hyphenated over two lines and leaves this mark; a quote should read as the page does.
HYPHEN_AT_LINE_END = "\ufffe"


def read(content: bytes, notes: list[str]) -> Texts:
    """Yield the text of each page in order; None for a page that PDFium cannot load.

    Raises: Refused.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if error.err_code == FPDF_ERR_PASSWORD else "broken") from error
    for index in range(len(document)):
        yield _page_text(document, index)


def _page_text(document: pdfium.PdfDocument, index: int) -> str | None:
    try:
        page = document[index]
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        # Closed here: a page's layout takes memory until it is, and there may be thousands.
        text_page.close()
        page.close()
    except pdfium.PdfiumError:
        return None
    return text.replace(HYPHEN_AT_LINE_END, "-\n")
