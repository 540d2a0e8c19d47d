"""Pictures of pages for the student, drawn in a child process, with a quote marked where PDFium finds it."""

import asyncio
import json
import os
from typing import BinaryIO

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
    bounds = limits()
    job = {
        "gateway_pid": os.getpid(),
        "limits": {**vars(bounds)},
        "kind": kind,
        "page": page,
        "quote": quote or "",
        "width_px": max(1, min(width_px, MAX_WIDTH_PX)),
    }
    try:
        async with (
            places.place(within_s=settings.EXTRACTION_PAGE_SECONDS),
            copied(content, max_bytes=bounds.file_bytes) as file,
            child(CHILD, job={VARIABLE: json.dumps(job)}, file=file, line_bytes=2**16) as process,
            asyncio.timeout(settings.EXTRACTION_PAGE_SECONDS),
        ):
            assert process.stdout is not None
            picture = await _at_most(process.stdout, MAX_BYTES)
            code = await process.wait()
    except TimeoutError:
        raise NotFound("This page takes too long to draw.") from None
    except Refused as refused:
        raise refusal(refused.reason, filename="", timeout_s=settings.EXTRACTION_PAGE_SECONDS) from refused
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
