"""All that is read of a file at once, for tests that ask after the whole."""

import io
from contextlib import aclosing
from dataclasses import dataclass

from apps.documents.extraction.pool import extract
from apps.documents.extraction.results import Ended, ExtractedPage, Opened, PageSeen


@dataclass(frozen=True)
class Extracted:
    opened: Opened
    pages: tuple[ExtractedPage, ...]
    ended: Ended


async def extracted(
    content: bytes,
    filename: str,
    media_type: str = "",
    *,
    first_page: int = 1,
    language: str = "",
    seen: tuple[PageSeen, ...] = (),
) -> Extracted:
    """Everything that `extract` gives of `content`. Raises: what it raises."""
    file = io.BytesIO(content)
    results = extract(
        filename=filename, media_type=media_type, content=file, first_page=first_page, language=language, seen=seen
    )
    async with aclosing(results):
        opened, *pages, ended = [result async for result in results]
    assert isinstance(opened, Opened)
    assert isinstance(ended, Ended)
    return Extracted(opened, tuple(page for page in pages if isinstance(page, ExtractedPage)), ended)
