"""The process that draws one page: the file on stdin, a PNG on stdout, or a JPEG where a model is to see it.

An exit code of 1 when there is no picture.
"""

import ctypes
import io
import json
import os
import sys
from math import sqrt
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw

from apps.documents.extraction.job import VARIABLE, Limits
from apps.documents.extraction.limits import die_with, forbid_files, limit_resources
from apps.documents.extraction.pictures import check_size, open_picture, upright
from apps.documents.extraction.readers.pdf import HYPHEN_AT_LINE_END, loaded, open_pdf
from apps.documents.passages.quotes import find_quote

MAX_PIXELS = 4_000_000
AMBER = (255, 214, 102)  # multiplied with the page, so that what is printed stays black
MARGIN_PX = 2
JPEG_TRIES = ((1.0, 85), (1.0, 60), (0.6, 60))  # share of the side, and quality; the last of pure noise is small enough


def main() -> None:
    """Draw the page that the job names."""
    job = json.loads(os.environ[VARIABLE])
    die_with(job["gateway_pid"])
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    limit_resources(Limits(**job["limits"]))
    forbid_files()
    content = sys.stdin.buffer.read()
    try:
        drawn = _drawn(content, job)
    except Exception:  # the edge of the process: what parsers raise on damaged files is endless
        sys.exit(1)
    output.write(drawn)
    output.flush()


def _drawn(content: bytes, job: dict[str, Any]) -> bytes:
    """Any: JSON. Raises: as the functions below."""
    if model := job.get("model"):
        return for_model(content, number=job["page"], **model)
    if job["kind"] == "pdf":
        picture = pdf_page(content, number=job["page"], quote=job["quote"], width_px=job["width_px"])
    else:
        picture = image_page(content, number=job["page"], width_px=job["width_px"])
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def for_model(content: bytes, *, number: int, side_px: int, max_bytes: int) -> bytes:
    """A JPEG, the better the fewer bytes it takes; nothing but its pixels is in it. Raises: as image_page."""
    picture = image_page(content, number=number, width_px=MAX_PIXELS)
    picture.info = {}
    data = b""
    for share, quality in JPEG_TRIES:
        picture.thumbnail((int(side_px * share), int(side_px * share)))
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        data = file.getvalue()
        if len(data) <= max_bytes:
            break
    return data


def pdf_page(content: bytes, *, number: int, quote: str, width_px: int) -> Image.Image:
    """Raises: Refused, PdfiumError, IndexError."""
    document = open_pdf(content)
    if not 1 <= number <= len(document):
        raise IndexError
    with loaded(document, number) as (page, text_page):
        width, height = page.get_size()
        scale = min(width_px / width, sqrt(MAX_PIXELS / (width * height)))
        bitmap = page.render(scale=scale)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        if quote:
            boxes = _boxes(page, text_page, quote, picture.size)
            picture = _marked(picture, boxes)
    return picture


def image_page(content: bytes, *, number: int, width_px: int) -> Image.Image:
    """Raises: Refused, and what the formats raise."""
    picture = open_picture(content)
    if number > 1:
        picture.seek(number - 1)
        check_size(picture)
    shown = upright(picture, mode="RGB", max_pixels=MAX_PIXELS)
    if shown.width > width_px:
        shown = shown.resize((width_px, max(1, shown.height * width_px // shown.width)))
    return shown


def _boxes(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, quote: str, size: tuple[int, int]
) -> list[tuple[int, int, int, int]]:
    """Where the quote stands on the picture, line by line; none when the page's own text does not have it."""
    text = str(text_page.get_text_range()).replace(HYPHEN_AT_LINE_END, "-")
    found = find_quote(text, quote)
    if found is None:
        return []
    first, last = (_character(text_page, text, position) for position in (found[0], found[1] - 1))
    count = raw.FPDFText_CountRects(text_page, first, last - first + 1)
    return [_on_picture(page, text_page.get_rect(index), size) for index in range(count)]


def _character(text_page: pdfium.PdfTextPage, text: str, position: int) -> int:
    """PDFium counts the characters that it found, not those of the text, which is in UTF-16."""
    units = len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
    return int(raw.FPDFText_GetCharIndexFromTextIndex(text_page, units))


def _on_picture(
    page: pdfium.PdfPage, box: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    left, bottom, right, top = box
    corners = [_point(page, x, y, size) for x, y in ((left, top), (right, bottom))]
    (x1, y1), (x2, y2) = corners
    return (
        min(x1, x2) - MARGIN_PX,
        min(y1, y2) - MARGIN_PX,
        max(x1, x2) + MARGIN_PX,
        max(y1, y2) + MARGIN_PX,
    )


def _point(page: pdfium.PdfPage, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, device_x, device_y)
    return device_x.value, device_y.value


def _marked(picture: Image.Image, boxes: list[tuple[int, int, int, int]]) -> Image.Image:
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    for box in boxes:
        draw.rectangle(box, fill=AMBER)
    return ImageChops.multiply(picture, layer)


if __name__ == "__main__":
    main()
