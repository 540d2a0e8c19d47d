"""A page that ends or holds up its child costs that page; who goes on elsewhere gets what a whole run gets."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.documents.errors import DocumentBroken
from apps.documents.extraction import recovery
from apps.documents.extraction.results import PAGE_MAX_CHARACTERS, ExtractedPage, PageSeen
from apps.documents.tests import sample_files, sample_formats
from apps.documents.tests.extracting import extracted
from apps.documents.tests.nasty import pdfs

MARKDOWN = "\n".join(f"# Part {number}\nThis is what part {number} of the text is about.\n" for number in range(1, 13))


@pytest.fixture
def _crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "CHILD", "apps.documents.tests.crashing_child")


def states(pages: tuple[ExtractedPage, ...]) -> list[str]:
    return [page.state for page in pages]


@pytest.mark.usefixtures("_crashing")
async def test_pages_that_end_their_child_are_passed_over() -> None:
    whole = await extracted(sample_files.study_pdf(), "whole.pdf")
    read = await extracted(sample_files.study_pdf(), "crash-3-5.pdf")
    assert [page.number for page in read.pages if page.state == "failed"] == [3, 5]
    expected = {page.number: page.text for page in whole.pages if page.number not in (3, 5)}
    assert {page.number: page.text for page in read.pages if page.state == "read"} == expected
    assert read.ended.notes == ("Pages 3 and 5 are damaged and were not read.",)


@pytest.mark.usefixtures("_crashing")
async def test_a_file_of_such_pages_is_left_after_a_few() -> None:
    read = await extracted(sample_files.study_pdf(), "crash-2-3-4-5-6.pdf")
    assert states(read.pages)[0] == "read"
    assert read.ended.pages_cut > 0
    assert len(read.pages) + read.ended.pages_cut == read.ended.page_count == 12


@pytest.mark.usefixtures("_crashing")
@pytest.mark.parametrize(("suffix", "content"), [("pdf", sample_files.study_pdf()), ("md", MARKDOWN.encode())])
async def test_a_child_that_is_killed_from_outside_costs_nothing(suffix: str, content: bytes) -> None:
    whole = await extracted(content, f"wholes.{suffix}")  # a name of the same length: passages are told with it
    assert await extracted(content, f"kill-9.{suffix}") == whole


@pytest.mark.usefixtures("_crashing")
async def test_a_page_at_which_children_are_killed_twice_is_passed_over() -> None:
    read = await extracted(sample_files.study_pdf(), "kill-always-9.pdf")
    assert states(read.pages) == ["read"] * 8 + ["failed"] + ["read"] * 3


@pytest.mark.usefixtures("_crashing")
async def test_a_page_that_hangs_is_passed_over(settings: Settings) -> None:
    settings.EXTRACTION_PAGE_SECONDS = 2
    read = await extracted(sample_files.study_pdf(4), "hang-2.pdf")
    assert states(read.pages) == ["read", "failed", "read", "read"]


@pytest.mark.usefixtures("_crashing")
async def test_where_the_time_of_a_whole_file_ends_the_rest_is_cut(settings: Settings) -> None:
    settings.EXTRACTION_TIMEOUT_SECONDS = 2
    read = await extracted(sample_files.study_pdf(), "hang-10.pdf")
    assert states(read.pages) == ["read"] * 9
    assert (read.ended.page_count, read.ended.pages_cut) == (12, 3)
    assert read.ended.notes == ("After page 9 the file took too long: what follows was not read.",)


async def test_pages_that_give_text_may_take_their_time(settings: Settings) -> None:
    settings.EXTRACTION_PAGE_SECONDS = 2
    spoken = pdfs.stream(pdfs.SPOKEN * 60 + b"0 0 m 9 9 l " * 150_000)
    read = await extracted(pdfs.many_pages(60, spoken), "slow.pdf")
    assert states(read.pages) == ["read"] * 60


async def test_who_goes_on_tells_of_the_pages_before_too() -> None:
    seen = (
        PageSeen(1, "failed", "text"),
        PageSeen(2, "read", "text", PAGE_MAX_CHARACTERS),
        PageSeen(3, "read", "ocr", 900),
        PageSeen(4, "failed", "ocr"),
        PageSeen(5, "empty", "ocr"),
    )
    rest = await extracted(sample_files.study_pdf(), "a.pdf", first_page=6, language="en", seen=seen)
    assert rest.ended.notes == (
        "Page 3 was read by OCR: words may be wrong.",
        "Page 5 is a picture without words.",
        "Page 1 is damaged and was not read.",
        "Page 4 was not read: OCR did not get through it.",
        "The text of page 2 was cut: there is too much of it.",
    )


@pytest.mark.usefixtures("_crashing")
async def test_of_a_text_the_part_before_the_damage_is_kept() -> None:
    read = await extracted(MARKDOWN.encode(), "crash-5.md")
    assert states(read.pages) == ["read"] * 4 + ["failed"]
    assert any("what follows was not read" in note for note in read.ended.notes)


@pytest.mark.usefixtures("_crashing")
async def test_a_file_whose_only_page_ends_its_child_is_broken() -> None:
    with pytest.raises(DocumentBroken):
        await extracted(sample_files.study_pdf(1), "crash-1.pdf")


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (sample_files.study_pdf(), "a.pdf"),
        (MARKDOWN.encode(), "a.md"),
        (sample_formats.xlsx_file(), "a.xlsx"),
        (sample_files.pptx_file(), "a.pptx"),
    ],
    ids=["pdf", "markdown", "xlsx", "pptx"],
)
@given(data=st.data())
@hypothesis_settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_who_goes_on_gets_what_a_whole_run_gets(content: bytes, filename: str, data: st.DataObject) -> None:
    whole = await extracted(content, filename)
    first = data.draw(st.integers(1, len(whole.pages)))
    seen = tuple(PageSeen(page.number, page.state, page.method, len(page.text)) for page in whole.pages[: first - 1])
    language = whole.pages[first - 2].language if seen else ""
    rest = await extracted(content, filename, first_page=first, language=language, seen=seen)
    assert rest.pages == whole.pages[first - 1 :]
    assert rest.ended == whole.ended
