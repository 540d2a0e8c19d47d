"""What is read of each kind of file, and what is said about the rest."""

import hashlib
import io
import tempfile

import pytest
from pytest_django import Settings

from apps.documents.extraction.pool import extract
from apps.documents.extraction.results import ExtractedDocument
from apps.documents.tests import sample_files
from apps.documents.tests.course import PAGES
from apps.documents.tests.hostile_files import replaced_document

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


async def read(content: bytes, filename: str, media_type: str = "") -> ExtractedDocument:
    return await extract(filename=filename, media_type=media_type, content=io.BytesIO(content))


async def test_a_pdf_is_read_page_by_page() -> None:
    content = sample_files.study_pdf()
    document = await read(content, "photosynthesis.pdf")
    assert (document.kind, document.media_type, document.notes) == ("pdf", "application/pdf", ())
    assert (document.size_bytes, document.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert [page.label for page in document.pages] == [f"page {number}" for number in range(1, 13)]
    for page, (title, text) in zip(document.pages, PAGES, strict=True):
        assert page.text.split() == f"{title} {text}".split()


async def test_300_pages_are_read() -> None:
    document = await read(sample_files.long_pdf(300), "catalogue.pdf")
    assert len(document.pages) == 300
    assert "collected at station 217," in document.pages[216].text


async def test_a_file_on_disk_is_read_from_its_start() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(sample_files.study_pdf(3))
        document = await extract(filename="a.pdf", media_type="application/pdf", content=file)
    assert len(document.pages) == 3


async def test_pages_without_text_are_named() -> None:
    document = await read(sample_files.partly_scanned_pdf(), "mixed.pdf")
    assert [page.state for page in document.pages] == ["read", "empty", "empty", "empty", "read", "empty"]
    assert len(document.notes) == 1
    assert document.notes[0].startswith("Pages 2 to 4 and 6 have no text; they are probably scanned")


async def test_hyphens_at_the_end_of_lines_stay_as_they_stand() -> None:
    document = await read(sample_files.text_pdf(["Plants use photo-\nsynthesis to grow."]), "a.pdf")
    assert document.pages[0].text == "Plants use photo-\nsynthesis to grow."


async def test_a_word_document_is_read_in_sections() -> None:
    document = await read(sample_files.docx_file(), "cell.docx")
    assert document.kind == "docx"
    assert [page.label for page in document.pages] == ["section 1", "section 2"]
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
    document = await read(replaced_document(xml.encode()), "formula.docx")
    assert [page.text for page in document.pages] == ["Energy is E=mc² here"]


async def test_a_presentation_is_read_slide_by_slide_with_tables_and_notes() -> None:
    document = await read(sample_files.pptx_file(), "mitosis.pptx")
    first, second, third = document.pages
    assert first.text.startswith("Mitosis\n\nProphase\nMetaphase")
    assert first.text.endswith("Notes:\nMention that Walther Flemming named it in 1882.")
    assert second.text == "Phase | Minutes\nProphase | 36"
    assert (third.label, third.state) == ("slide 3", "empty")
    assert document.notes[0].startswith("Slide 3 has no text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_text_is_read_in_the_encodings_that_name_themselves(encoding: str) -> None:
    document = await read("Größe – ¿qué? 光合作用\r\nsecond line".encode(encoding), "notes.txt")
    assert document.kind == "text"
    assert document.pages[0].text == "Größe – ¿qué? 光合作用\nsecond line"
    assert document.notes == ()


async def test_text_in_an_old_encoding_is_read_and_said() -> None:
    document = await read("Größe".encode("cp1252"), "notes.txt")
    assert document.pages[0].text == "Größe"
    assert "Windows-1252" in document.notes[0]


async def test_characters_that_cannot_be_stored_are_removed_and_said() -> None:
    document = await read(b"A plant is green. " * 10 + b"\x00end", "notes.txt")
    assert document.pages[0].text.endswith("green. end")
    assert "NUL" in document.notes[0]


async def test_markdown_begins_a_section_at_each_heading_but_not_in_code() -> None:
    markdown = "# One\n## Two\nText.\n```\n# a comment\n```\n# Three\nMore."
    document = await read(markdown.encode(), "notes.md")
    assert document.kind == "markdown"
    assert [page.text.splitlines()[0] for page in document.pages] == ["# One", "# Three"]


async def test_long_text_is_cut_into_sections_without_losing_any() -> None:
    text = "\n\n".join(f"Paragraph {number} is about number {number}." for number in range(2000))
    document = await read(text.encode(), "long.txt")
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
    assert (await read(content(), "renamed.pdf", "application/pdf")).kind == kind


async def test_pages_beyond_the_limit_are_left_out_and_said(settings: Settings) -> None:
    settings.DOCUMENT_MAX_PAGES = 5
    document = await read(sample_files.study_pdf(), "a.pdf")
    assert len(document.pages) == 5
    assert document.notes == ("Only the first 5 pages were read: the file is longer.",)


async def test_characters_beyond_the_limit_are_left_out_and_said(settings: Settings) -> None:
    settings.DOCUMENT_MAX_CHARACTERS = 1000
    document = await read(sample_files.study_pdf(), "a.pdf")
    assert sum(len(page.text) for page in document.pages) == 1000
    assert document.notes[0] == "The text of page 2 was cut: the file has too much of it."
    assert document.notes[1] == "Only the first 2 pages were read: the file is longer."


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
async def test_names_are_made_fit_to_show(given: str, kept: str) -> None:
    assert (await read(b"some text", given)).filename == kept
