"""Reads files for the gateway: a child process for each, and another where one page ends the first."""

import math
import os
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from logging import getLogger
from typing import BinaryIO

from django.conf import settings

from apps.documents.errors import refusal
from apps.documents.extraction.filenames import clean_filename
from apps.documents.extraction.job import PICTURE_SECONDS, Job, Limits, OcrJob
from apps.documents.extraction.processes import Places, copied
from apps.documents.extraction.recovery import Reading
from apps.documents.extraction.results import Ended, ExtractedPage, Opened, PageSeen, Refused

log = getLogger(__name__)
places = Places("EXTRACTION_CONCURRENCY", "Many files are being read right now. Try again in a moment.")


async def extract(
    *,
    filename: str,
    media_type: str,
    content: BinaryIO,
    first_page: int = 1,
    language: str = "",
    seen: Sequence[PageSeen] = (),
) -> AsyncGenerator[Opened | ExtractedPage | Ended, None]:
    """Read a file in a child process: Opened, its pages in order, Ended. Close it (aclosing) to end the child.

    `content` is seekable and is read from its start, in threads. Who goes on where another left gives `first_page`,
    what that one found of the `language`, and the pages `seen`, which the last notes tell of too.

    A page that ends or holds up its child is given as failed. Raises: DocumentEncrypted, DocumentBroken,
    DocumentEmpty, DocumentTypeUnsupported, DocumentTooLarge, DocumentTimeout, when nothing of it can be read;
    ExtractionBusy when no place was free within EXTRACTION_TIMEOUT_SECONDS.
    """
    name = clean_filename(filename)
    job = Job(
        gateway_pid=os.getpid(),
        filename=name,
        media_type=media_type,
        limits=limits(),
        ocr=ocr_job(),
        first_page=first_page,
        language=language,
    )
    timeout_s = settings.EXTRACTION_TIMEOUT_SECONDS
    try:
        async with (
            places.place(within_s=timeout_s),
            copied(content, max_bytes=job.limits.file_bytes) as file,
            aclosing(Reading(job, file, seen).results()) as results,
        ):
            async for result in results:
                yield result
    except Refused as refused:
        raise refusal(refused.reason, filename=name) from refused


def limits() -> Limits:
    """As the settings have them."""
    return Limits(
        memory_mb=settings.EXTRACTION_MEMORY_MB,
        # The gateway's clock ends it first, and says so better; what it spends on OCR's pictures is on no clock.
        cpu_s=math.ceil(settings.EXTRACTION_TIMEOUT_SECONDS + PICTURE_SECONDS * settings.OCR_MAX_PAGES) + 1,
        max_pages=settings.DOCUMENT_MAX_PAGES,
        max_characters=settings.DOCUMENT_MAX_CHARACTERS,
    )


def ocr_job() -> OcrJob:
    """As the settings and the system have it."""
    return OcrJob(
        program=shutil.which("tesseract") or "",
        languages=settings.OCR_LANGUAGES,
        page_s=settings.OCR_PAGE_SECONDS,
        max_pages=settings.OCR_MAX_PAGES,
    )
