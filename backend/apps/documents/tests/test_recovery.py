"""A page that ends or holds up its child costs that page; who goes on elsewhere gets what a whole run gets."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.documents.errors import DocumentBroken
from apps.documents.extraction import recovery
from apps.documents.extraction.results import ExtractedPage, PageSeen
from apps.documents.tests import sample_files, sample_formats
from apps.documents.tests.extracting import extracted

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
async def test_a_page_that_hangs_is_passed_over(settings: Settings) -> None:
    settings.EXTRACTION_PAGE_SECONDS = 1
    read = await extracted(sample_files.study_pdf(4), "hang-2.pdf")
    assert states(read.pages) == ["read", "failed", "read", "read"]


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
