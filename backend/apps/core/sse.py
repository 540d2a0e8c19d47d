"""Server-Sent Events as the gateway writes them: headers, frames, numbers, keep-alives."""

from collections.abc import AsyncGenerator
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from apps.core.handed_streams import handed

KEEP_ALIVE = b": keep-alive\n\n"
DONE = b"data: [DONE]\n\n"


def frame(type_: str, **members: Any) -> bytes:
    """One `data:` line of JSON, its type first, so that a frame is known by its first bytes."""
    return b"data: " + orjson.dumps({"type": type_, **members}) + b"\n\n"


def is_frame(block: bytes, type_: str) -> bool:
    """Whether an encoded frame has this type, without parsing it."""
    return block.startswith(b'data: {"type":"' + type_.encode() + b'"')


def members_of(block: bytes) -> dict[str, Any]:
    """The JSON object of a frame. Raises: orjson.JSONDecodeError."""
    parsed: dict[str, Any] = orjson.loads(block[len(b"data: ") :])
    return parsed


def numbered(block: bytes, *, epoch: int, number: int) -> bytes:
    """The frame with its event id, `<epoch>-<n>`; the bytes of the frame itself pass through."""
    return b"id: %d-%d\n%b" % (epoch, number, block)


def split_frames(joined: bytes) -> list[bytes]:
    """The frames that were joined; JSON holds no raw newline, so a blank line ends each."""
    return [block + b"\n\n" for block in joined.split(b"\n\n")[:-1]]


def cut(received: bytes) -> tuple[list[bytes], bytes]:
    """The whole frames of what came so far, each with its blank line, and the rest; comments are dropped."""
    *whole, rest = received.split(b"\n\n")
    return [block + b"\n\n" for block in whole if block.startswith(b"data: ")], rest


class EventStream(StreamingHttpResponse):
    """An event stream that no proxy should hold back or transform; it is sent after Django has ended the request.

    `joins`: whether what is written while nobody pulls comes as one piece.
    """

    def __init__(self, body: AsyncGenerator[bytes, None], *, joins: bool) -> None:
        super().__init__(
            handed(body),
            content_type="text/event-stream",
            headers={
                "Cache-Control": "no-cache, no-transform",
                "X-Accel-Buffering": "no",
                "x-vercel-ai-ui-message-stream": "v1",
            },
        )
        self.body, self.joins = body, joins


def sse_response(body: AsyncGenerator[bytes, None], *, joins: bool = False) -> EventStream:
    """The response whose content is the event stream `body`."""
    return EventStream(body, joins=joins)
