"""The bytes of a file on their way to its owner: a piece at a time, without a connection to the database."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document
from apps.documents.selectors import document_get
from apps.documents.storage import bytes_open, file_missing

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class Download:
    """`pieces` must be read to its end or closed: it holds the file open."""

    document: Document
    pieces: AsyncGenerator[bytes, None]


async def document_download(*, caller: Caller, document_id: UUID) -> Download:
    """Raises: NotFound, also when the bytes are not kept here; Unavailable."""
    document, content = await document_content(caller=caller, document_id=document_id)
    return Download(document, _pieces(content))


async def document_content(*, caller: Caller, document_id: UUID) -> tuple[Document, BinaryIO]:
    """A document and its opened bytes, which the caller closes. Raises: as above."""
    document = await unit_of_work(document_get, caller=caller, document_id=document_id)
    if not document.stored_as:
        raise file_missing()
    return document, await asyncio.to_thread(bytes_open, document.stored_as)


async def _pieces(content: BinaryIO) -> AsyncGenerator[bytes, None]:
    try:
        while piece := await asyncio.to_thread(content.read, CHUNK_BYTES):
            yield piece
    finally:
        content.close()
