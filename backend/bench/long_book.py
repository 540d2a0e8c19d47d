"""Long textbooks with text: headings, paragraphs of real English, and tables; the same for the same seed."""

import io
import random
import re
from collections.abc import Sequence
from pathlib import Path

import docx
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]  # ships no types
from reportlab.lib.utils import simpleSplit  # type: ignore[import-untyped]  # as above
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]  # as above

PROSE = Path(__file__).resolve().parent.parent / "tests" / "files" / "debian-policy.en.txt"
PARAGRAPH_MIN_WORDS = 20
LINES_PER_PAGE = 44
MARGIN, LEADING, FONT_SIZE = 60, 15, 11
SECTION_PARAGRAPHS = 4
TABLE_EVERY, TABLE_ROWS, TABLE_COLUMNS = 6, 8, 4  # on each sixth page a table


def paragraphs() -> list[str]:
    """Of prose that somebody wrote, each in one line."""
    found = (" ".join(part.split()) for part in re.split(r"\n\s*\n", PROSE.read_text()))
    return [part for part in found if len(part.split()) >= PARAGRAPH_MIN_WORDS]


def book(pages: int, *, seed: int = 1) -> bytes:
    """So many pages, about 450 words on each; drawn from real paragraphs, so that words come as often as they do."""
    chosen, prose = random.Random(seed), paragraphs()  # noqa: S311  a book, not a secret
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for number in range(1, pages + 1):
        _draw(canvas, number, _lines(chosen, prose, number))
    canvas.save()
    return file.getvalue()


def docx_book(sections: int, *, seed: int = 1) -> bytes:
    """So many headed sections, about 250 words in each."""
    chosen, prose = random.Random(seed), paragraphs()  # noqa: S311  a book, not a secret
    document = docx.Document()
    for number in range(1, sections + 1):
        document.add_heading(f"Notes on case {number}", level=1)
        for _ in range(SECTION_PARAGRAPHS):
            document.add_paragraph(chosen.choice(prose))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _lines(chosen: random.Random, prose: Sequence[str], number: int) -> list[str]:
    """Of one page, from its heading to its foot."""
    lines = [f"{number // 20 + 1}.{number % 20 + 1} Notes on case {number}", ""]
    if number % TABLE_EVERY == 0:
        lines += [_row(chosen, row) for row in range(TABLE_ROWS)] + [""]
    while len(lines) < LINES_PER_PAGE:
        lines += [*simpleSplit(chosen.choice(prose), "Helvetica", FONT_SIZE, A4[0] - 2 * MARGIN), ""]
    return lines[:LINES_PER_PAGE]


def _row(chosen: random.Random, row: int) -> str:
    cells = [f"{chosen.uniform(0, 1000):.2f}" for _ in range(TABLE_COLUMNS)]
    return "\t".join([f"sample {row + 1}", *cells])


def _draw(canvas: Canvas, number: int, lines: Sequence[str]) -> None:
    y = A4[1] - MARGIN
    for index, line in enumerate(lines):
        canvas.setFont("Helvetica" if index else "Helvetica-Bold", FONT_SIZE)
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(MARGIN + 100 * column, y, cell)
        y -= LEADING
    canvas.drawCentredString(A4[0] / 2, MARGIN / 2, str(number))
    canvas.showPage()
