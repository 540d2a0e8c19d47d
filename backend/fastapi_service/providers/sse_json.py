"""Reads a provider's event stream as bytes. An SDK's object per chunk costs four times all the rest of a token."""

from collections.abc import AsyncIterator
from typing import Any

import orjson

DONE = b"[DONE]"
EVENT_MAX_BYTES = 1024 * 1024


class GarbledStream(ValueError):
    """Something in the stream is no JSON object, or too long to be one."""


async def sse_json(parts: AsyncIterator[bytes]) -> AsyncIterator[dict[str, Any] | None]:
    """Yield the JSON object of each `data:` line, and None for `[DONE]`. Comments and other fields are skipped.

    Raises: GarbledStream. A line that the end of the stream cuts off is not yielded.
    """
    rest = b""
    async for part in parts:
        lines = (rest + part).split(b"\n")
        rest = lines.pop()
        if len(rest) > EVENT_MAX_BYTES:
            raise GarbledStream("an event without an end")
        for line in lines:
            if line.startswith(b"data:"):
                yield _event(line[5:].strip())


def _event(data: bytes) -> dict[str, Any] | None:
    if data == DONE:
        return None
    try:
        event = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise GarbledStream("an event that is no JSON") from error
    if not isinstance(event, dict):
        raise GarbledStream("an event that is no object")
    return event
