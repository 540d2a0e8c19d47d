"""OCR: where it stops, what it leaves behind, and pictures that come several to a file."""

import asyncio
import io
import os
import shutil
from contextlib import suppress

import pytest
from PIL import Image
from pytest_django import Settings

from apps.documents.errors import DocumentEmpty
from apps.documents.extraction.results import PageSeen
from apps.documents.tests import sample_files, sample_formats
from apps.documents.tests.extracting import extracted
from apps.documents.tests.nasty.pictures import letters, saved
from apps.documents.tests.processes import children_of, eventually, is_alive, read_proc

pytestmark = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract-ocr")
SCAN = sample_formats.picture_file()
IN_VAIN = tuple(PageSeen(number, "failed", "ocr") for number in (1, 2, 3))


def tesseracts() -> list[int]:
    """Processes that the children of this one have begun."""
    found = [each for child in children_of(os.getpid()) for each in children_of(child)]
    return [each for each in found if read_proc(each, "comm").strip() == "tesseract"]


async def test_a_picture_that_is_being_looked_at_ends_with_its_reader() -> None:
    task = asyncio.create_task(extracted(letters(), "marks.png"))
    await eventually(lambda: bool(tesseracts()))
    (tesseract,) = tesseracts()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await eventually(lambda: not is_alive(tesseract))


async def test_after_pages_in_vain_no_more_are_looked_at() -> None:
    scan = sample_files.pictures_pdf([SCAN] * 4)
    with pytest.raises(DocumentEmpty, match="OCR did not get through its pictures"):
        await extracted(scan, "scan.pdf", first_page=4, seen=IN_VAIN)


async def test_a_page_with_words_makes_up_for_those_before() -> None:
    scan = sample_files.pictures_pdf([SCAN] * 5)
    read = await extracted(scan, "scan.pdf", first_page=5, seen=(*IN_VAIN, PageSeen(4, "read", "ocr", 50)))
    assert [(page.state, page.method) for page in read.pages] == [("read", "ocr")]


async def test_a_scan_that_ocr_does_not_get_through_says_so(settings: Settings) -> None:
    settings.OCR_PAGE_SECONDS = 0.01
    with pytest.raises(DocumentEmpty, match="OCR did not get through its pictures"):
        await extracted(sample_files.pictures_pdf([SCAN]), "scan.pdf")


async def test_scans_beyond_the_last_that_is_tried_are_told(settings: Settings) -> None:
    settings.OCR_MAX_PAGES = 1
    read = await extracted(sample_files.pictures_pdf([SCAN, SCAN, None]), "scan.pdf")
    assert [page.state for page in read.pages] == ["read", "failed", "read"]
    assert "Page 2 was not read: OCR is tried on the first 1 pages only." in read.ended.notes


async def test_each_picture_of_a_fax_is_a_page() -> None:
    pictures = [
        Image.open(io.BytesIO(sample_formats.picture_file(text))) for text in ("The first page.", "The second.")
    ]
    fax = saved(pictures[0], "TIFF", save_all=True, append_images=pictures[1:])
    read = await extracted(fax, "fax.tif")
    assert (read.opened.media_type, read.opened.page_count) == ("image/tiff", 2)
    assert [page.label for page in read.pages] == ["picture 1", "picture 2"]
    assert "first page" in read.pages[0].text
    assert "second" in read.pages[1].text
