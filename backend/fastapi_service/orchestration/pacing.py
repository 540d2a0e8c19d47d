"""The specification's streaming, kept for providers that cannot stream: a whole text, sent out in small pieces."""

import asyncio
from collections.abc import AsyncGenerator

PIECE_CHARS = 16
PIECE_SECONDS = 0.02
LONGEST_SECONDS = 3.0  # a long text is cut into larger pieces, so that nobody waits for what is already there


async def paced(text: str) -> AsyncGenerator[str, None]:
    """Yield the text in pieces of a few words' length, PIECE_SECONDS apart, within about LONGEST_SECONDS."""
    size = max(PIECE_CHARS, round(len(text) * PIECE_SECONDS / LONGEST_SECONDS))
    for start in range(0, len(text), size):
        if start:
            await asyncio.sleep(PIECE_SECONDS)
        yield text[start : start + size]
