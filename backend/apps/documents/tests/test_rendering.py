"""Pictures of pages, and quotes that are marked on them."""

import io

import pytest
from PIL import Image, ImageChops

from apps.core.errors import NotFound
from apps.documents.extraction.rendering import render_page
from apps.documents.tests import sample_files, sample_formats

QUOTE = "Each stoma is opened and closed by two guard cells"


async def drawn(content: bytes, kind: str, *, page: int = 1, quote: str | None = None, width: int = 600) -> Image.Image:
    data = await render_page(content=io.BytesIO(content), kind=kind, page=page, quote=quote, width_px=width)
    return Image.open(io.BytesIO(data)).convert("RGB")


async def test_a_quote_is_marked_where_it_stands() -> None:
    plain = await drawn(sample_files.study_pdf(), "pdf", page=3)
    marked = await drawn(sample_files.study_pdf(), "pdf", page=3, quote=QUOTE)
    assert plain.width == 600
    box = ImageChops.difference(plain, marked).getbbox()
    assert box is not None
    assert box[3] - box[1] < plain.height / 10
    assert (255, 214, 102) in {colour for _, colour in marked.getcolors(100_000) or []}


async def test_a_quote_that_is_not_there_marks_nothing() -> None:
    plain = await drawn(sample_files.study_pdf(), "pdf", page=3)
    assert await drawn(sample_files.study_pdf(), "pdf", page=3, quote="Nobody wrote this here.") == plain


async def test_a_picture_is_drawn_no_wider_than_it_may_be() -> None:
    assert (await drawn(sample_formats.picture_file(), "image", width=9_000)).width == 1400
    assert (await drawn(sample_files.study_pdf(1), "pdf", width=9_000)).width == 1600


@pytest.mark.parametrize(
    ("content", "kind", "page"),
    [
        (sample_files.study_pdf(1), "pdf", 2),
        (sample_files.docx_file(), "docx", 1),
        (sample_files.not_a_pdf(), "pdf", 1),
        (b"\x89PNG\r\n\x1a\n", "image", 1),
    ],
    ids=["no such page", "no pictures", "no PDF", "no picture"],
)
async def test_what_has_no_picture_is_not_found(content: bytes, kind: str, page: int) -> None:
    with pytest.raises(NotFound):
        await drawn(content, kind, page=page)
