"""Lets go of clients that take nothing of what they asked for: each would hold a task and a full buffer for ever."""

import asyncio
import logging

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope
from django.conf import settings

log = logging.getLogger("lamla.readers")


class Stalled(Exception):
    """The client has taken nothing for READER_STALL_SECONDS."""


class StalledReaders:
    """ASGI layer. The server waits in `send` once its buffer for a connection is full; here that wait has an end."""

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def send_in_time(event: ASGISendEvent) -> None:
            try:
                async with asyncio.timeout(settings.READER_STALL_SECONDS):
                    await send(event)
            except TimeoutError:
                raise Stalled from None

        try:
            await self.app(scope, receive, send_in_time)
        except Stalled:
            # Returning with the response unfinished has the server close the connection.
            log.info("a client took nothing for %g s of %s", settings.READER_STALL_SECONDS, scope["path"])
