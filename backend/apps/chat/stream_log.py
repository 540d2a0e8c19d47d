"""The numbered log of each running answer. A reader is only a tail of it: it may leave and come back at any time."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from apps.core.sse import DONE, KEEP_ALIVE, numbered


class StreamLog(Protocol):
    """Where the frames of a generation are kept until shortly after its end, and how they are followed."""

    def open(self, generation_id: UUID) -> None:
        """Begin the log of a generation that this process runs."""

    def append(self, generation_id: UUID, frame: bytes) -> None:
        """Add a frame as the next number. Raises: AnswerTooLong at the bound."""

    def frames(self, generation_id: UUID) -> list[bytes]:
        """All frames so far, without their numbers."""

    def end(self, generation_id: UUID, *last: bytes) -> None:
        """Add the last frames, whatever the bound; readers get the rest and `[DONE]`."""

    def holds(self, generation_id: UUID) -> bool:
        """Whether the generation can be followed here."""

    def follow(self, generation_id: UUID) -> AsyncGenerator[bytes, None]:
        """Yield all numbered frames from the first on, then live ones, then `[DONE]`; comments in long silences."""


@dataclass
class _Log:
    frames: list[bytes] = field(default_factory=list)
    size_bytes: int = 0
    ended: bool = False
    # Set and replaced at each append: a reader waits for the next one without a queue of its own, so a slow
    # reader costs a position and not memory.
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.grown.set()
        self.grown = asyncio.Event()


class AnswerTooLong(Exception):
    """The log has reached its bound."""


class MemoryStreamLog:
    """StreamLog of one process: what it holds ends with the process."""

    def __init__(self, *, epoch: int, max_bytes: int, keep_s: float, keepalive_s: float) -> None:
        self._epoch, self._max_bytes, self._keep_s, self._keepalive_s = epoch, max_bytes, keep_s, keepalive_s
        self._logs: dict[UUID, _Log] = {}

    def open(self, generation_id: UUID) -> None:
        self._logs[generation_id] = _Log()

    def append(self, generation_id: UUID, frame: bytes) -> None:
        log = self._logs[generation_id]
        log.frames.append(frame)
        log.size_bytes += len(frame)
        log.wake()
        if log.size_bytes > self._max_bytes:
            raise AnswerTooLong

    def frames(self, generation_id: UUID) -> list[bytes]:
        return list(self._logs[generation_id].frames)

    def end(self, generation_id: UUID, *last: bytes) -> None:
        log = self._logs[generation_id]
        log.frames.extend(last)
        log.ended = True
        log.wake()
        asyncio.get_running_loop().call_later(self._keep_s, self._logs.pop, generation_id, None)

    def holds(self, generation_id: UUID) -> bool:
        return generation_id in self._logs

    async def follow(self, generation_id: UUID) -> AsyncGenerator[bytes, None]:
        log = self._logs[generation_id]
        sent = 0
        while True:
            if sent < len(log.frames):
                fresh = log.frames[sent:]
                yield b"".join(
                    numbered(frame, epoch=self._epoch, number=number) for number, frame in enumerate(fresh, sent + 1)
                )
                sent += len(fresh)
            elif log.ended:
                yield DONE
                return
            else:
                grown = log.grown
                try:
                    async with asyncio.timeout(self._keepalive_s):
                        await grown.wait()
                except TimeoutError:
                    yield KEEP_ALIVE
