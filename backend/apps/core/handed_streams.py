"""Streams that outlive their request: Django begins the response and hands the rest to a layer around it.

While Django sends a response it keeps the request, both their headers, and two tasks. An answer may stream for
minutes to many at once, and needs none of them.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from contextvars import ContextVar

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from django.conf import settings

from apps.core.stalled_readers import Stalled, in_time

log = logging.getLogger("lamla.readers")
Stream = AsyncGenerator[bytes, None]
_handed: ContextVar[list[Stream]] = ContextVar("handed")


async def handed(stream: Stream) -> Stream:
    """A response's content that is empty for Django: `HandedStreams` sends the stream once the request has ended."""
    _handed.get().append(stream)
    return
    yield b""  # makes this a generator


class HandedStreams:
    """ASGI layer, around all that has a part in beginning a response and none in its stream.

    It also lets go of stalled clients, of whatever they asked for: one layer less is held by each stream.
    """

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        send = in_time(send)
        try:
            if (stream := await self._begin(scope, receive, send)) is not None:
                await _send_until_gone(stream, receive, send)
        except Stalled:
            # Returning with the response unfinished has the server close the connection.
            log.info("a client took nothing for %g s of %s", settings.READER_STALL_SECONDS, scope["path"])

    async def _begin(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> Stream | None:
        """Let the application answer; what it handed over is still to be sent."""
        streams: list[Stream] = []
        _handed.set(streams)

        async def send_unless_handed(event: ASGISendEvent) -> None:
            if not streams:
                await send(event)

        await self.app(scope, receive, send_unless_handed)
        return streams.pop() if streams else None


async def _send_until_gone(stream: Stream, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Send it to its end, or until the client has gone; either way it is closed."""
    sending = asyncio.current_task()
    assert sending

    def stop(_: object) -> None:
        sending.cancel()

    gone = asyncio.ensure_future(receive())  # all of the request was read, so this can only be its end
    gone.add_done_callback(stop)
    try:
        async with aclosing(stream):
            async for chunk in stream:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        gone.remove_done_callback(stop)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except asyncio.CancelledError:
        if not gone.done() or sending.uncancel():
            raise  # somebody else wants it to end
    finally:
        gone.remove_done_callback(stop)
        gone.cancel()
