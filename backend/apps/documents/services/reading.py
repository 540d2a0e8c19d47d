"""Reading one document under its claim: from its bytes by a child process to pages that are stored in batches."""

import asyncio
from contextlib import aclosing
from typing import BinaryIO

from apps.core.errors import ApiError, Unavailable
from apps.documents.extraction.pool import extract
from apps.documents.services.batching import batches
from apps.documents.services.leasing import Claim
from apps.documents.services.page_writing import ToRead, pages_store, reading_begin, reading_fail, reading_finish
from apps.documents.services.patience import patient_unit_of_work
from apps.documents.storage import bytes_open, file_missing


async def document_read(claim: Claim) -> None:
    """Read it to its end, or until the claim is gone; go on where another process stopped.

    A document that cannot be read is marked so. Raises: Unavailable, when neither storage nor a place to read in is to
    be had; what nobody expects.
    """
    to_read = await patient_unit_of_work(reading_begin, claim)
    if to_read is None:
        return
    try:
        await _read(to_read)
    except Unavailable:
        raise
    except ApiError as error:
        await patient_unit_of_work(reading_fail, claim, error)


async def _read(to_read: ToRead) -> None:
    if not to_read.stored_as:
        raise file_missing()
    content = await asyncio.to_thread(bytes_open, to_read.stored_as)
    try:
        await _read_content(to_read, content)
    finally:
        content.close()


async def _read_content(to_read: ToRead, content: BinaryIO) -> None:
    events = extract(
        filename=to_read.filename,
        media_type=to_read.media_type,
        content=content,
        first_page=to_read.first_page,
        language=to_read.language,
        seen=to_read.seen,
    )
    async with aclosing(events), aclosing(batches(events)) as gathered:
        async for batch in gathered:
            if (batch.opened or batch.pages) and not await patient_unit_of_work(
                pages_store, to_read.claim, opened=batch.opened, pages=batch.pages
            ):
                return
            if batch.ended:
                await patient_unit_of_work(reading_finish, to_read.claim, batch.ended)
