"""Bodies as an OpenAI-compatible server sends them, for a transport that answers as told."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import orjson


def chunk(text: str | None = None, *, end: str | None = None, **members: Any) -> dict[str, Any]:
    delta = {} if text is None else {"content": text}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": end}], **members}


USAGE = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}}
WHOLE_STREAM = [chunk("Pho"), chunk("ton"), chunk(end="stop"), USAGE]


def sse(events: Sequence[dict[str, Any]], *, done: bool = True, newline: bytes = b"\n") -> bytes:
    frames = [b"data: " + orjson.dumps(event) for event in events] + ([b"data: [DONE]"] if done else [])
    return b"".join(frame + 2 * newline for frame in frames)


class Parts(httpx.AsyncByteStream):
    """A body that arrives in given parts, and may fail after them."""

    def __init__(self, parts: Sequence[bytes], error: Exception | None = None) -> None:
        self._parts = parts
        self._error = error
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part
        if self._error:
            raise self._error

    async def aclose(self) -> None:
        self.closed = True
