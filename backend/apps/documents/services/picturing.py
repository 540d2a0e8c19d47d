"""Pictures of pages, made when they are asked for: few at a time, since each takes a process of its own."""

import asyncio
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.core.access import Caller
from apps.core.errors import NotFound, Unavailable
from apps.core.units_of_work import unit_of_work
from apps.documents.extraction.rendering import has_picture, render_page
from apps.documents.selectors import PageView, page_get
from apps.documents.storage import bytes_open, file_missing

WAIT_SECONDS = 15.0
RETRY_AFTER_SECONDS = 5
QUOTE_MAX_CHARS = 4_000

# A gateway has one loop; each has its own places, since a semaphore belongs to the loop that waits on it.
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def page_picture(*, caller: Caller, document_id: UUID, number: int, start: int, end: int, width_px: int) -> bytes:
    """A page as it looks, with its text from `start` to `end` marked. Raises: NotFound, Unavailable."""
    view = await unit_of_work(page_get, caller=caller, document_id=document_id, number=number)
    if not has_picture(view.document.kind):
        raise NotFound("Pages of this kind of file have no picture.", code="no_picture")
    if not view.document.stored_as:
        raise file_missing()
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(settings.EXTRACTION_CONCURRENCY))
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await places.acquire()
    except TimeoutError:
        raise Unavailable(
            "Many pages are being drawn right now. Try again in a moment.", retry_after_s=RETRY_AFTER_SECONDS
        ) from None
    try:
        return await _drawn(view, quote=view.page.text[start : min(end, start + QUOTE_MAX_CHARS)], width_px=width_px)
    finally:
        places.release()


async def _drawn(view: PageView, *, quote: str, width_px: int) -> bytes:
    content = await asyncio.to_thread(bytes_open, view.document.stored_as)
    try:
        return await render_page(
            content=content, kind=view.document.kind, page=view.page.number, quote=quote or None, width_px=width_px
        )
    finally:
        content.close()
