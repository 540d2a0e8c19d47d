"""Between the task that reads a provider and the one that writes to the client."""

import asyncio

from fastapi_service.orchestration.events import Event

BUFFER_MAX_CHARS = 65_536


class EventBuffer:
    """A bounded queue of events with one reader and one writer, in one event loop.

    The writer into it waits where the client is slower than the model; the reader takes all there is at once.
    """

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._chars = 0
        self._ended = False
        self._something = asyncio.Event()
        self._room = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def ended(self) -> bool:
        return self._ended

    def offer(self, event: Event) -> bool:
        """Take the event if there is room, without waiting; a token's usual way."""
        if self._chars >= BUFFER_MAX_CHARS and not self._ended:
            return False
        self._events.append(event)
        self._chars += len(getattr(event, "text", ""))
        self._something.set()
        return True

    async def put(self, event: Event) -> None:
        """Take the event as soon as there is room."""
        while not self.offer(event):
            self._room.clear()
            await self._room.wait()

    def end(self) -> None:
        """Nothing more is put or wanted; wakes both sides. May be called again."""
        self._ended = True
        for waited_for in (self._something, self._room, self._over):
            waited_for.set()

    async def take(self, *, timeout_s: float) -> list[Event]:
        """All events there are, as soon as there are any; none after `timeout_s`, or at the end."""
        if not self._something.is_set():
            await _wait(self._something, timeout_s)
        events, self._events = self._events, []
        self._chars = 0
        self._room.set()
        if not self._ended:
            self._something.clear()
        return events

    async def gather(self, seconds: float) -> None:
        """Let events gather for so long, or until the end."""
        if seconds > 0 and not self._ended:
            await _wait(self._over, seconds)


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
