"""The formats beside PDF, Word, PowerPoint and plain text, and pictures through OCR."""

import shutil

import pytest
from pytest_django import Settings

from apps.documents.errors import DocumentBroken, DocumentEmpty
from apps.documents.tests import sample_files, sample_formats
from apps.documents.tests.extracting import extracted
from apps.documents.tests.hostile_files import replaced_document
from apps.documents.tests.nasty.packing import replaced
from apps.documents.tests.sample_files import text_pdf

with_ocr = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract-ocr")


async def test_a_workbook_is_read_sheet_by_sheet_in_rows() -> None:
    read = await extracted(sample_formats.xlsx_file(), "results.xlsx")
    assert read.opened.kind == "xlsx"
    assert [page.label for page in read.pages] == [
        "sheet Results, rows 1–40",
        "sheet Results, rows 41–60",
        "sheet نتائج, row 1",
    ]
    assert read.pages[0].text.startswith("Plant | Height in cm\nplant 1 | 1.5\n")
    assert read.pages[2].text == "نبات | 3"


async def test_footnotes_of_word_come_last() -> None:
    parts = {
        "[Content_Types].xml": sample_formats.WORD_WITH_NOTES_TYPES,
        "word/_rels/document.xml.rels": sample_formats.WORD_WITH_NOTES_RELATIONS,
        "word/footnotes.xml": sample_formats.WORD_NOTES,
    }
    whole = replaced(
        replaced_document(sample_formats.WORD_WITH_NOTES), {name: xml.encode() for name, xml in parts.items()}
    )
    read = await extracted(whole, "notes.docx")
    assert [line for line in read.pages[0].text.split("\n") if line] == ["Water moves.", "By osmosis, as Nollet saw."]


async def test_words_from_right_to_left_are_read_in_the_order_of_their_letters() -> None:
    read = await extracted(sample_formats.hebrew_pdf(), "shalom.pdf")
    assert read.pages[0].text.strip() == "שלום"


async def test_an_open_document_is_read_in_sections_with_its_footnotes() -> None:
    read = await extracted(sample_formats.odt_file(), "plants.odt")
    assert (read.opened.kind, [page.label for page in read.pages]) == (
        "odt",
        ["section 1: Roots", "section 2: Stems"],
    )
    assert read.pages[0].text == "Roots\n\nRoots take up  water.\n\nZone | Length"
    assert read.pages[1].text.endswith("Stems carry it up.\n\nBy osmosis.")


async def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    read = await extracted(sample_formats.epub_file(), "whale.epub")
    assert read.opened.kind == "epub"
    assert [(page.label, page.text.split("\n")[-1]) for page in read.pages] == [
        ("section 1: Loomings", "Call me Ishmael."),
        ("section 2: Loomings again", "The second chapter is short."),
    ]


async def test_of_a_web_page_is_read_what_a_browser_shows() -> None:
    page = """<!doctype html><html><head><title>T</title><style>p {color: red}</style></head><body>
      <h1>Leaves</h1><p>Leaves   catch <b>light</b>.</p><script>alert("x")</script>
      <p style="display:none">hidden words</p><p hidden>more of them</p>
      <table><tr><th>Part</th><th>Job</th></tr><tr><td>Stoma</td><td><p>lets gas in</p></td></tr></table>
      <pre>a = 1
  b</pre><h2>Roots</h2><ul><li>deep</li><li>wide</li></ul></body></html>"""
    read = await extracted(page.encode(), "saved.txt")
    assert (read.opened.kind, [page.label for page in read.pages]) == (
        "html",
        ["section 1: Leaves", "section 2: Roots"],
    )
    assert read.pages[0].text == ("Leaves\n\nLeaves catch light.\n\nPart | Job\nStoma | lets gas in\n\na = 1\n  b")
    assert read.pages[1].text == "Roots\n\ndeep\nwide"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_table_of_text_is_read_in_rows(delimiter: str) -> None:
    rows = [["name", "note"], *([f"n{number}", f'"a{delimiter} b"'] for number in range(2, 61))]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    read = await extracted(content.encode(), "table.csv")
    assert [page.label for page in read.pages] == ["rows 1–50", "rows 51–60"]
    assert read.pages[0].text.startswith(f"name | note\nn2 | {' '.join(f'a{delimiter} b'.split())}\n")


@pytest.mark.parametrize("filename", ["solve.py", "Makefile", "solve"])
async def test_a_program_is_read_by_its_lines(filename: str) -> None:
    content = "#!/usr/bin/env python3\n" + "\n".join(f"    x{number} = {number}" for number in range(2, 101))
    read = await extracted(content.encode(), filename)
    assert (read.opened.kind, read.ended.language) == ("code", "")
    assert [page.label for page in read.pages] == ["lines 1–80", "lines 81–100"]
    assert read.pages[1].text.startswith("    x81 = 81\n")


@with_ocr
@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
async def test_words_in_a_picture_are_recognised(file_format: str) -> None:
    read = await extracted(sample_formats.picture_file(file_format=file_format), "photo.dat")
    assert (read.opened.kind, read.opened.media_type) == ("image", f"image/{file_format.lower()}")
    (page,) = read.pages
    assert (page.label, page.state, page.method) == ("picture 1", "read", "ocr")
    assert page.text.split() == ["Osmosis", "moves", "water", "through", "the", "membrane."]
    assert read.ended.notes == ("Picture 1 was read by OCR: words may be wrong.",)


@with_ocr
async def test_a_picture_without_words_is_kept_since_it_may_be_looked_at() -> None:
    read = await extracted(sample_formats.picture_file(""), "slope.png")
    assert [(page.state, page.method) for page in read.pages] == [("empty", "ocr")]


@with_ocr
async def test_a_scanned_page_goes_through_ocr_and_others_do_not() -> None:
    scan = sample_formats.picture_file()
    read = await extracted(sample_files.pictures_pdf([None, scan]), "scan.pdf")
    assert [(page.state, page.method) for page in read.pages] == [("read", "text"), ("read", "ocr")]
    assert "Osmosis moves water" in read.pages[1].text
    assert read.ended.notes == ("Page 2 was read by OCR: words may be wrong.",)


@with_ocr
async def test_a_picture_that_takes_too_long_fails_alone(settings: Settings) -> None:
    settings.OCR_PAGE_SECONDS = 0.01
    read = await extracted(sample_files.pictures_pdf([None, sample_formats.picture_file()]), "scan.pdf")
    assert [(page.state, page.method) for page in read.pages] == [("read", "text"), ("failed", "ocr")]
    assert read.ended.notes == ("Page 2 was not read: OCR did not get through it.",)


async def test_without_ocr_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    read = await extracted(sample_files.partly_scanned_pdf(), "mixed.pdf")
    assert "this server has no OCR" in read.ended.notes[0]
    with pytest.raises(DocumentEmpty, match="This server has no OCR"):
        await extracted(sample_files.scanned_pdf(), "scan.pdf")


async def test_a_file_of_two_kinds_is_refused() -> None:
    both = text_pdf(["A page."]) + sample_formats.package({"a.txt": "b"})
    with pytest.raises(DocumentBroken, match="two kinds of file in one"):
        await extracted(both, "both.pdf")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La cellule est l’unité du vivant, et sa membrane la sépare de ce qui l’entoure.", "fr"),
        ("The cell is the unit of life, and its membrane parts it from what is around it.", "en"),
        ("x = 1", ""),
    ],
)
async def test_the_language_is_told(text: str, language: str) -> None:
    read = await extracted(text.encode(), "notes.txt")
    assert (read.ended.language, read.pages[0].language) == (language, language)
