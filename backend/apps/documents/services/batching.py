"""Gathering what is read of a file into batches, so that neither each page nor a slow one costs others their turn."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from apps.documents.extraction.results import Ended, ExtractedPage, Opened

PAGES_MAX = 20
CHARACTERS_MAX = 100_000
LONGEST_SECONDS = 0.5  # that a page waits for others

Event = Opened | ExtractedPage | Ended


@dataclass
class Batch:
    """What came since the last one."""

    opened: Opened | None = None
    pages: list[ExtractedPage] = field(default_factory=list)
    ended: Ended | None = None

    def add(self, event: Event) -> None:
        if isinstance(event, Opened):
            self.opened = event
        elif isinstance(event, Ended):
            self.ended = event
        else:
            self.pages.append(event)

    @property
    def is_full(self) -> bool:
        return len(self.pages) >= PAGES_MAX or sum(len(page.text) for page in self.pages) >= CHARACTERS_MAX


async def batches(events: AsyncIterator[Event]) -> AsyncGenerator[Batch, None]:
    """Batches in order; the first with the first page alone, so that there is something to show at once.

    Close it before `events`: one event is always asked for ahead. Raises: what `events` raises.
    """
    now = asyncio.get_running_loop().time
    following = asyncio.ensure_future(anext(events, None))
    try:
        batch, due_at, is_first = Batch(), now(), True
        while True:
            wait_s = None if batch == Batch() else max(0.0, due_at - now())
            await asyncio.wait({following}, timeout=wait_s)
            if not following.done():
                yield batch
                batch = Batch()
                continue
            event = following.result()
            if event is None:
                break
            following = asyncio.ensure_future(anext(events, None))
            if batch == Batch():
                due_at = now() + LONGEST_SECONDS
            batch.add(event)
            if batch.is_full or (is_first and batch.pages):
                yield batch
                batch, is_first = Batch(), False
        if batch != Batch():
            yield batch
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await following
