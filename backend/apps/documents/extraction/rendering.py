"""Pictures of pages for the student, drawn in a child process, with a quote marked where PDFium finds it."""

import asyncio
import json
import os
from typing import Any, BinaryIO

from django.conf import settings

from apps.core.errors import NotFound
from apps.documents.errors import refusal
from apps.documents.extraction.job import VARIABLE
from apps.documents.extraction.pool import limits
from apps.documents.extraction.processes import Places, child, copied
from apps.documents.extraction.results import Refused

CHILD = "apps.documents.extraction.draw"
MEDIA_TYPE = "image/png"
MAX_WIDTH_PX = 1_600
MAX_BYTES = 12 * 2**20
MODEL_SIDE_PX = 1_568  # what models that see make of a larger picture anyway
MODEL_MAX_BYTES = 700_000  # so that a few of them are a small request
PICTURED = frozenset({"pdf", "image"})
NO_PICTURE = "There is no picture of this page."
places = Places("EXTRACTION_CONCURRENCY", "Many pages are being drawn right now. Try again in a moment.")


def has_picture(kind: str) -> bool:
    """Whether pages of this kind of file have a picture; others are text alone."""
    return kind in PICTURED


async def render_page(*, content: BinaryIO, kind: str, page: int, quote: str | None, width_px: int) -> bytes:
    """A PNG of page `page`, at most MAX_WIDTH_PX wide, with `quote` marked if the page's own text has it.

    Raises: NotFound, when the kind or the page has no picture; ExtractionBusy; what reading `content` raises.
    """
    if not has_picture(kind):
        raise NotFound(NO_PICTURE)
    width_px = max(1, min(width_px, MAX_WIDTH_PX))
    return await _drawn(
        content, {"kind": kind, "page": page, "quote": quote or "", "width_px": width_px}, max_bytes=MAX_BYTES
    )


async def picture_for_model(*, content: BinaryIO, page: int) -> bytes:
    """Picture `page` of an image file as a JPEG: upright, nothing in it of where and when it was taken.

    At most MODEL_SIDE_PX on its longer side and MODEL_MAX_BYTES. Raises: as above.
    """
    model = {"side_px": MODEL_SIDE_PX, "max_bytes": MODEL_MAX_BYTES}
    return await _drawn(content, {"kind": "image", "page": page, "model": model}, max_bytes=MODEL_MAX_BYTES)


async def _drawn(content: BinaryIO, wanted: dict[str, Any], *, max_bytes: int) -> bytes:
    """What the child makes of `wanted`. Any: JSON. Raises: as above."""
    bounds = limits()
    job = {"gateway_pid": os.getpid(), "limits": {**vars(bounds)}, **wanted}
    try:
        async with (
            places.place(within_s=settings.EXTRACTION_PAGE_SECONDS),
            copied(content, max_bytes=bounds.file_bytes) as file,
            child(CHILD, job={VARIABLE: json.dumps(job)}, file=file) as process,
            asyncio.timeout(settings.EXTRACTION_PAGE_SECONDS),
        ):
            assert process.stdout is not None
            picture = await _at_most(process.stdout, max_bytes)
            code = await process.wait() if picture else 1  # one that has more to say waits for us
    except TimeoutError:
        raise NotFound("This page takes too long to draw.") from None
    except Refused as refused:
        raise refusal(refused.reason, filename="") from refused
    if code or not picture:
        raise NotFound(NO_PICTURE)
    return picture


async def _at_most(stream: asyncio.StreamReader, max_bytes: int) -> bytes:
    """All of the stream; nothing when it is longer."""
    data = bytearray()
    while chunk := await stream.read(2**16):
        data += chunk
        if len(data) > max_bytes:
            return b""
    return bytes(data)
