"""Making the pictures of a prompt ready for a model that sees: in child processes, since strangers made them."""

import asyncio
from collections.abc import Iterator, Sequence

from apps.chat.pictures import NO_ROOM, NOT_DRAWN, NOT_KEPT, PICTURES_MAX, TOO_MANY, Picture, Shown
from apps.core.errors import ApiError
from apps.documents.extraction.rendering import picture_for_model
from apps.documents.models import Document
from apps.documents.storage import bytes_open


async def pictures_show(documents: Sequence[Document], *, unseen: str, room: int) -> Shown:
    """The pictures of image `documents` for a model that sees: the first ones, at most `room` and PICTURES_MAX.

    `unseen` says why the model is to see none; empty: it sees. What cannot be shown is told with its reason, never
    raised: its text is in the prompt all the same.
    """
    if unseen:
        return Shown(hidden=tuple((document, unseen) for document in documents))
    left = min(room, PICTURES_MAX)
    enough = TOO_MANY if left == PICTURES_MAX else NO_ROOM
    pictures: list[Picture] = []
    hidden: list[tuple[Document, str]] = []
    for document in documents:
        drawn, why = await _draw(document, most=left, enough=enough)
        left -= len(drawn)
        pictures += drawn
        if why:
            hidden.append((document, why))
    return Shown(tuple(pictures), tuple(hidden))


async def _draw(document: Document, *, most: int, enough: str) -> tuple[list[Picture], str]:
    """Its pictures, and why there are not more of them, if there are."""
    drawn: list[Picture] = []
    if not document.stored_as:
        return drawn, NOT_KEPT
    for page in _pages(document):
        if len(drawn) >= most:
            return drawn, enough
        try:
            jpeg = await _picture(document, page)
        except ApiError:
            return drawn, NOT_DRAWN
        drawn.append(Picture(document.pk, document.filename, jpeg))
    return drawn, ""


def _pages(document: Document) -> Iterator[int]:
    """A TIFF may have many; of one that is still being read, the first is there for sure."""
    yield from range(1, max(1, document.page_count) + 1)


async def _picture(document: Document, page: int) -> bytes:
    content = await asyncio.to_thread(bytes_open, document.stored_as)
    try:
        return await picture_for_model(content=content, page=page)
    finally:
        content.close()
