"""Pictures of pages, and quotes that are marked on them."""

import io

import pytest
from PIL import Image, ImageChops

from apps.core.errors import NotFound
from apps.documents.extraction.rendering import MODEL_MAX_BYTES, MODEL_SIDE_PX, picture_for_model, render_page
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


async def for_model(content: bytes, *, page: int = 1) -> tuple[Image.Image, int]:
    """The picture that a model gets, and its bytes."""
    data = await picture_for_model(content=io.BytesIO(content), page=page)
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "JPEG"
    return picture, len(data)


def a_photo(size: tuple[int, int], *, noisy: bool = False) -> bytes:
    """As of a phone that was held upright: the camera's pixels lie on their side, and it says where it was."""
    picture = Image.effect_noise(size, 200).convert("RGB") if noisy else Image.linear_gradient("L").resize(size)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A maker of phones"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", exif=exif, comment=b"at home")
    return file.getvalue()


async def test_a_model_gets_a_photo_upright_smaller_and_without_where_it_was_taken() -> None:
    picture, _ = await for_model(a_photo((4_000, 3_000)))
    assert picture.size == (MODEL_SIDE_PX * 3 // 4, MODEL_SIDE_PX)
    assert not dict(picture.getexif())
    assert "comment" not in picture.info


async def test_a_photo_of_many_details_is_no_large_request() -> None:
    picture, size = await for_model(a_photo((1_568, 1_568), noisy=True))
    assert size <= MODEL_MAX_BYTES
    assert picture.size[0] < MODEL_SIDE_PX


async def test_a_small_picture_stays_as_small_as_it_is() -> None:
    assert (await for_model(sample_formats.picture_file()))[0].size == (1400, 500)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", sample_files.study_pdf(1)], ids=["empty", "cut", "a PDF"]
)
async def test_a_model_gets_nothing_of_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotFound):
        await for_model(content)
