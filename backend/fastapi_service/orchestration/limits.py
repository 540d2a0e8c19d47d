"""Admission: how many requests a provider gets at once, and who waits for how long a queue."""

import asyncio
from collections import deque

from fastapi_service.core.errors import Overloaded

RETRY_AFTER_SECONDS = 5


class Ticket:
    """One request's place: in the queue or at the provider. To be left exactly once, by `leave` or a `with` block."""

    def __init__(self, limit: "ConcurrencyLimit", turn: "asyncio.Future[None] | None") -> None:
        self._limit = limit
        self._turn = turn

    @property
    def waiting(self) -> bool:
        return self._turn is not None and not self._turn.done()

    async def admitted(self) -> None:
        """Return when it is this request's turn."""
        if self._turn is not None:
            await self._turn

    def __enter__(self) -> "Ticket":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.leave()

    def leave(self) -> None:
        self._limit.leave(self._turn)


class ConcurrencyLimit:
    """At most `slots` at once; `queue_length` more wait, first come first served."""

    def __init__(self, slots: int, queue_length: int) -> None:
        self._free = slots
        self._queue_length = queue_length
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def full(self) -> bool:
        """Whether the next one would be refused."""
        return self._free <= 0 and len(self._queue) >= self._queue_length

    @property
    def waiting(self) -> int:
        """How many stand in the queue."""
        return len(self._queue)

    def enter(self) -> Ticket:
        """A ticket, to be used as a context manager. Raises: Overloaded when the queue is full."""
        if self._free > 0:
            self._free -= 1
            return Ticket(self, None)
        if len(self._queue) >= self._queue_length:
            raise Overloaded(
                "Too many answers are being written just now. Please try again shortly.",
                retry_after_s=RETRY_AFTER_SECONDS,
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        return Ticket(self, turn)

    def leave(self, turn: "asyncio.Future[None] | None") -> None:
        """Give the slot to the next in the queue, or leave the queue."""
        if turn is not None and (turn.cancelled() or not turn.done()):
            # It never got its slot. Where it was cancelled, somebody else may have taken it out of the queue already.
            if turn in self._queue:
                self._queue.remove(turn)
            return
        while self._queue:
            next_turn = self._queue.popleft()
            if not next_turn.done():
                next_turn.set_result(None)
                return
        self._free += 1
