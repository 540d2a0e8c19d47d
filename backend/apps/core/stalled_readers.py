"""Lets go of clients that take nothing of what they asked for: each would hold a task and a full buffer for ever."""

import asyncio

from asgiref.typing import ASGISendCallable, ASGISendEvent
from django.conf import settings


class Stalled(Exception):
    """The client has taken nothing for READER_STALL_SECONDS."""


def in_time(send: ASGISendCallable) -> ASGISendCallable:
    """The server waits in `send` once its buffer for a connection is full; here that wait has an end.

    Raises: Stalled, where it is called.
    """

    async def send_in_time(event: ASGISendEvent) -> None:
        try:
            async with asyncio.timeout(settings.READER_STALL_SECONDS):
                await send(event)
        except TimeoutError:
            raise Stalled from None

    return send_in_time
