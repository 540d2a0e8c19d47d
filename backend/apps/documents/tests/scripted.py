"""A file that is read as a test says: the events of the extraction without its child process."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from apps.documents.extraction.results import CutPassage, Ended, ExtractedPage, Opened, PageSeen
from apps.documents.services.batching import Event


def page_of(number: int, text: str = "") -> ExtractedPage:
    text = text or f"Page {number} is about the number {number}."
    passage = CutPassage(0, len(text), 12, text.lower())
    return ExtractedPage(number, f"page {number}", text, "read", "text", (passage,), "en")


@dataclass
class ScriptedExtraction:
    """In the place of `extract`: opens, gives `pages` pages, ends; what it was asked for is kept.

    `before` is awaited before each page with its number: to wait, or to raise.
    """

    pages: int
    before: Callable[[int], object] | None = None
    first_pages: list[int] = field(default_factory=list)
    seen: list[Sequence[PageSeen]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    closed: int = 0

    async def __call__(
        self,
        *,
        filename: str,
        media_type: str,
        content: BinaryIO,
        first_page: int = 1,
        language: str = "",
        seen: Sequence[PageSeen] = (),
    ) -> AsyncGenerator[Event, None]:
        self.first_pages.append(first_page)
        self.seen.append(seen)
        self.contents.append(await asyncio.to_thread(content.read))
        try:
            yield Opened("text", "text/plain", self.pages)
            for number in range(first_page, self.pages + 1):
                waiting = self.before(number) if self.before else None
                if isinstance(waiting, asyncio.Future | asyncio.Event):
                    await (waiting.wait() if isinstance(waiting, asyncio.Event) else waiting)
                yield page_of(number)
            yield Ended(self.pages, 0, "en", ("A note.",))
        finally:
            self.closed += 1
