"""Real files for tests, made on the spot: each function returns the bytes of one file."""

import io
from collections.abc import Iterable

import docx
import pptx
from PIL import Image
from reportlab.lib import pdfencrypt  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # as above
from reportlab.lib.utils import simpleSplit  # type: ignore[import-untyped]  # as above
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # as above

from apps.documents.tests.course import PAGES

FONT, FONT_SIZE, LEADING, MARGIN = "Helvetica", 11, 15, 72
PASSWORD = "open sesame"


def study_pdf(pages: int = 12) -> bytes:
    """The first `pages` (1 to 12) of the course on photosynthesis, each with facts of its own."""
    return text_pdf(f"{title}\n\n{text}" for title, text in PAGES[:pages])


def long_pdf(pages: int = 300) -> bytes:
    """A catalogue with one specimen on each page: "Specimen 217 was collected at station 217 …"."""
    return text_pdf(_catalogue_page(number) for number in range(1, pages + 1))


def encrypted_pdf() -> bytes:
    """A PDF that opens with PASSWORD only."""
    return text_pdf(["Nobody reads this."], encrypt=pdfencrypt.StandardEncryption(PASSWORD, "owner"))


def scanned_pdf(pages: int = 2) -> bytes:
    """Pages with a picture and no text, as a scanner makes them."""
    return text_pdf([""] * pages)


def partly_scanned_pdf() -> bytes:
    """Six pages, of which 2 to 4 and 6 are pictures."""
    return text_pdf(["The first page has text.", "", "", "", "The fifth page has text.", ""])


def not_a_pdf() -> bytes:
    """What somebody may have renamed to .pdf."""
    return b"This is a shopping list: bread, butter, tea.\n"


def docx_file() -> bytes:
    """A Word document: two headed sections, a table, and no page numbers."""
    document = docx.Document()
    document.add_heading("The cell membrane", level=1)
    document.add_paragraph("The membrane is a double layer of phospholipids, about seven nanometres thick.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Transport", "Energy", "Osmosis", "none"), strict=True):
        cell.text = text
    document.add_heading("The nucleus", level=1)
    document.add_paragraph("The nucleus holds the DNA. Its envelope is pierced by about two thousand pores.")
    return _saved(document)


def pptx_file() -> bytes:
    """Three slides: text with speaker's notes, a table, and one with nothing to read."""
    presentation = pptx.Presentation()
    titled, blank = presentation.slide_layouts[1], presentation.slide_layouts[6]
    first = presentation.slides.add_slide(titled)
    first.shapes.title.text = "Mitosis"
    first.placeholders[1].text = "Prophase\nMetaphase\nAnaphase\nTelophase"
    first.notes_slide.notes_text_frame.text = "Mention that Walther Flemming named it in 1882."
    second = presentation.slides.add_slide(blank)
    table = second.shapes.add_table(2, 2, 0, 0, 4_000_000, 1_000_000).table
    for cell, text in zip(table.iter_cells(), ("Phase", "Minutes", "Prophase", "36"), strict=True):
        cell.text = text
    presentation.slides.add_slide(blank)
    return _saved(presentation)


def text_pdf(pages: Iterable[str], *, encrypt: pdfencrypt.StandardEncryption | None = None) -> bytes:
    """One page for each text, wrapped to its width; a page without text gets a picture instead."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, encrypt=encrypt, invariant=True)
    width, height = A4
    for page in pages:
        text = canvas.beginText(MARGIN, height - MARGIN)
        text.setFont(FONT, FONT_SIZE, LEADING)
        for paragraph in page.split("\n"):
            text.textLines(simpleSplit(paragraph, FONT, FONT_SIZE, width - 2 * MARGIN) or [""])
        canvas.drawText(text)
        if not page:
            canvas.drawInlineImage(Image.linear_gradient("L"), MARGIN, MARGIN, width / 2, height / 2)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def pictures_pdf(pictures: Iterable[bytes | None]) -> bytes:
    """A page for each picture, which fills it as a scan does; one of text for None."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for picture in pictures:
        if picture is None:
            canvas.drawString(MARGIN, A4[1] - MARGIN, "This page has text of its own, and needs nobody to look at it.")
        else:
            canvas.drawInlineImage(Image.open(io.BytesIO(picture)), 0, A4[1] / 2, A4[0], A4[0] * 500 / 1400)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _catalogue_page(number: int) -> str:
    return (
        f"Specimen {number}\n\nSpecimen {number} was collected at station {number}, {number * 7} metres above the "
        f"sea, on a slope with thin soil. The plant stood {number % 90 + 10} centimetres tall and carried "
        f"{number % 13 + 2} flowers.\n\n" + "The sheet was pressed, dried and entered into the herbarium. " * 20
    )


def _saved(file: docx.document.Document | pptx.presentation.Presentation) -> bytes:
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()
