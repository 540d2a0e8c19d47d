"""What is read of each kind of file, and what is said about the rest."""

import tempfile

import pytest
from pytest_django import Settings

from apps.documents.extraction.filenames import clean_filename
from apps.documents.extraction.pool import extract
from apps.documents.tests import sample_files
from apps.documents.tests.course import PAGES
from apps.documents.tests.extracting import extracted
from apps.documents.tests.hostile_files import replaced_document

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


async def test_a_pdf_is_read_page_by_page() -> None:
    content = sample_files.study_pdf()
    document = await extracted(content, "photosynthesis.pdf")
    assert (document.opened.kind, document.opened.media_type, document.ended.notes) == ("pdf", "application/pdf", ())
    assert [page.label for page in document.pages] == [f"page {number}" for number in range(1, 13)]
    for page, (title, text) in zip(document.pages, PAGES, strict=True):
        assert page.text.split() == f"{title} {text}".split()


async def test_300_pages_are_read() -> None:
    document = await extracted(sample_files.long_pdf(300), "catalogue.pdf")
    assert len(document.pages) == 300
    assert "collected at station 217," in document.pages[216].text


async def test_a_file_on_disk_is_read_from_its_start() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(sample_files.study_pdf(3))
        results = [result async for result in extract(filename="a.pdf", media_type="", content=file)]
    assert len(results) == 5


async def test_pages_without_text_are_named() -> None:
    document = await extracted(sample_files.partly_scanned_pdf(), "mixed.pdf")
    assert [page.state for page in document.pages] == ["read", "empty", "empty", "empty", "read", "empty"]
    assert len(document.ended.notes) == 1
    assert document.ended.notes[0].startswith("Pages 2 to 4 and 6 ")


async def test_hyphens_at_the_end_of_lines_stay_as_they_stand() -> None:
    document = await extracted(sample_files.text_pdf(["Plants use photo-\nsynthesis to grow."]), "a.pdf")
    assert document.pages[0].text == "Plants use photo-\nsynthesis to grow."


async def test_a_word_document_is_read_in_sections() -> None:
    document = await extracted(sample_files.docx_file(), "cell.docx")
    assert document.opened.kind == "docx"
    assert [page.label for page in document.pages] == ["section 1: The cell membrane", "section 2: The nucleus"]
    first, second = (page.text for page in document.pages)
    assert first.startswith("The cell membrane\n\nThe membrane is a double layer")
    assert first.endswith("Transport | Energy\nOsmosis | none")
    assert second.startswith("The nucleus\n")


async def test_a_word_document_keeps_formulas_and_insertions_and_drops_deletions() -> None:
    xml = (
        f'<w:document xmlns:w="{WORD}" xmlns:m="{MATH}"><w:body><w:sdt><w:sdtContent><w:p>'
        "<w:r><w:t>Energy is </w:t></w:r><m:oMath><m:r><m:t>E=mc²</m:t></m:r></m:oMath>"
        "<w:del><w:r><w:delText> always</w:delText></w:r></w:del><w:ins><w:r><w:t> here</w:t></w:r></w:ins>"
        "</w:p></w:sdtContent></w:sdt></w:body></w:document>"
    )
    document = await extracted(replaced_document(xml.encode()), "formula.docx")
    assert [page.text for page in document.pages] == ["Energy is E=mc² here"]


async def test_a_presentation_is_read_slide_by_slide_with_tables_and_notes() -> None:
    document = await extracted(sample_files.pptx_file(), "mitosis.pptx")
    first, second, third = document.pages
    assert first.text.startswith("Mitosis\n\nProphase\nMetaphase")
    assert first.text.endswith("Notes:\nMention that Walther Flemming named it in 1882.")
    assert second.text == "Phase | Minutes\nProphase | 36"
    assert (third.label, third.state) == ("slide 3", "empty")
    assert document.ended.notes[0].startswith("Slide 3 has no text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_text_is_read_in_the_encodings_that_name_themselves(encoding: str) -> None:
    document = await extracted("Größe – ¿qué? 光合作用\r\nsecond line".encode(encoding), "notes.txt")
    assert document.opened.kind == "text"
    assert document.pages[0].text == "Größe – ¿qué? 光合作用\nsecond line"
    assert document.ended.notes == ()


async def test_text_in_an_old_encoding_is_read_and_said() -> None:
    document = await extracted("Größe".encode("cp1252"), "notes.txt")
    assert document.pages[0].text == "Größe"
    assert "Windows-1252" in document.ended.notes[0]


async def test_characters_that_cannot_be_stored_are_removed_and_said() -> None:
    document = await extracted(b"A plant is green. " * 10 + b"\x00end", "notes.txt")
    assert document.pages[0].text.endswith("green. end")
    assert "NUL" in document.ended.notes[0]


async def test_markdown_begins_a_section_at_each_heading_but_not_in_code() -> None:
    markdown = "# One\n## Two\nText.\n```\n# a comment\n```\n# Three\nMore."
    document = await extracted(markdown.encode(), "notes.md")
    assert document.opened.kind == "markdown"
    assert [page.text.splitlines()[0] for page in document.pages] == ["# One", "# Three"]


async def test_long_text_is_cut_into_sections_without_losing_any() -> None:
    text = "\n\n".join(f"Paragraph {number} is about number {number}." for number in range(2000))
    document = await extracted(text.encode(), "long.txt")
    assert len(document.pages) > 10
    assert all(len(page.text) <= 6000 for page in document.pages)
    assert "\n\n".join(page.text for page in document.pages) == text


@pytest.mark.parametrize(
    ("content", "kind"),
    [(sample_files.docx_file, "docx"), (sample_files.pptx_file, "pptx")],
    ids=["Word", "PowerPoint"],
)
async def test_a_file_is_what_its_content_is(content: object, kind: str) -> None:
    assert callable(content)
    assert (await extracted(content(), "renamed.pdf", "application/pdf")).opened.kind == kind


async def test_pages_beyond_the_limit_are_left_out_and_said(settings: Settings) -> None:
    settings.DOCUMENT_MAX_PAGES = 5
    document = await extracted(sample_files.study_pdf(), "a.pdf")
    assert len(document.pages) == 5
    assert document.ended.notes == ("Only the first 5 pages were read: the file is longer.",)


async def test_characters_beyond_the_limit_are_left_out_and_said(settings: Settings) -> None:
    settings.DOCUMENT_MAX_CHARACTERS = 1000
    document = await extracted(sample_files.study_pdf(), "a.pdf")
    assert sum(len(page.text) for page in document.pages) == 1000
    assert document.ended.notes[0] == "The text of page 2 was cut: the file has too much of it."
    assert document.ended.notes[1] == "Only the first 2 pages were read: the file is longer."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/notes.txt", "notes.txt"),
        ("C:\\Users\\me\\notes.txt", "notes.txt"),
        ("a\x00b\n\u202ec.txt", "abc.txt"),
        ("\ud800.txt", ".txt"),
        ("", "document"),
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
    ],
    ids=["path", "Windows path", "controls", "surrogate", "none", "long"],
)
def test_names_are_made_fit_to_show(given: str, kept: str) -> None:
    assert clean_filename(given) == kept
