"""The answers that this process writes or follows, frame by frame. A reader is a position in one, and nothing more.

What it writes is made durable by frame_log.py; what another process writes comes from there. The memory is that of
the answers and not of their readers: one that falls behind costs nothing, and one that is too late begins again.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.chat.readers import Reader
from apps.chat.services.frame_log import Followed, Piece, Standing
from apps.core.sse import DONE, KEEP_ALIVE, is_frame, numbered
from apps.core.waiting import settle, settled

LAST_FRAMES = ("finish", "abort", "error")
EVENT_NUMBER = re.compile(r"[0-9]{1,9}")
PIECE_BYTES = 64 * 1024  # handed to a connection at once


class AnswerTooLong(Exception):
    """The log has reached its bound."""


@dataclass(slots=True, eq=False)
class Log:
    """One answer in one epoch. `own`: written here, else followed."""

    generation_id: UUID
    epoch: int
    own: bool
    frames: list[bytes] = field(default_factory=list)
    size_bytes: int = 0
    saved: int = 0  # frames that the database has
    closing: bool = False  # its last frames are being saved with the message
    ended: bool = False
    lost: bool = False  # this epoch is over, or nobody here may tell: readers have to begin again
    readers: int = 0
    unread: bool = False  # it had no reader at the last look
    _waiting: list[asyncio.Future[bool]] = field(default_factory=list)  # one for each that waits for the next change

    def wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            settle(waiter, to=True)

    async def change(self, *, within_s: float | None = None) -> bool:
        """True at the next change, False when there is none in time."""
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await settled(waiter, within_s=within_s)
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def add(self, frames: Iterable[bytes]) -> None:
        for frame in frames:
            self.frames.append(frame)
            self.size_bytes += len(frame)
        self.wake()

    def lose(self) -> None:
        self.lost = True
        self.frames = []  # a new list: the old one may be being saved
        self.wake()

    def unsaved(self) -> Piece:
        return Piece(self.generation_id, self.epoch, self.saved + 1, self.frames[self.saved :])


class StreamLog:
    """All logs of this process, to be used on its event loop."""

    def __init__(self, *, max_bytes: int, keep_s: float, keepalive_s: float) -> None:
        self._max_bytes, self._keep_s, self._keepalive_s = max_bytes, keep_s, keepalive_s
        self._logs: dict[UUID, Log] = {}
        self._follows = True

    def begin(self, generation_id: UUID, *, epoch: int, frames: Sequence[bytes] = ()) -> Log:
        """The log of an answer that this process writes; `frames` are those that are saved already."""
        if (earlier := self._logs.get(generation_id)) is not None:
            self._drop(earlier)
        log = Log(generation_id, epoch, own=True)
        log.add(frames)
        log.saved = len(log.frames)
        self._logs[generation_id] = log
        return log

    def append(self, log: Log, frame: bytes) -> None:
        """Add the next frame of an own answer. Raises: AnswerTooLong at the bound."""
        log.add((frame,))
        if log.size_bytes > self._max_bytes:
            raise AnswerTooLong

    def end(self, log: Log, last: Sequence[bytes]) -> None:
        """Add the last frames, whatever the bound; readers get the rest and `[DONE]`."""
        log.ended = True
        log.add(last)
        log.saved = len(log.frames)
        asyncio.get_running_loop().call_later(self._keep_s, self._drop, log)

    def lose(self, log: Log) -> None:
        """End its readers without a last word: the answer goes on elsewhere, or in another epoch."""
        self._drop(log)

    def _drop(self, log: Log) -> None:
        if self._logs.get(log.generation_id) is log:
            del self._logs[log.generation_id]
        log.lose()

    def get(self, generation_id: UUID) -> Log | None:
        return self._logs.get(generation_id)

    def unsaved(self) -> list[Piece]:
        """What the database has not of the answers that this process writes."""
        return [
            log.unsaved()
            for log in self._logs.values()
            if log.own and not log.closing and not log.ended and log.saved < len(log.frames)
        ]

    def mark_saved(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            log = self._logs.get(piece.generation_id)
            if log and log.epoch == piece.epoch:
                log.saved = piece.next_number - 1

    def unsaved_bytes(self) -> int:
        """Counted only while the database is away; those of answers that wait to be saved are among them."""
        waiting = [log.unsaved() for log in self._logs.values() if log.own and not log.ended]
        return sum(len(frame) for piece in waiting for frame in piece.frames)

    @property
    def follows_any(self) -> bool:
        return bool(self._foreign())

    def followed(self) -> list[Followed]:
        """The answers of other processes that somebody here reads."""
        return [Followed(log.generation_id, log.epoch, len(log.frames)) for log in self._foreign()]

    def _foreign(self) -> list[Log]:
        return [log for log in self._logs.values() if not log.own and not log.ended]

    def open_foreign(self, generation_id: UUID, standing: Standing) -> Log | None:
        """The log of an answer that another process writes, or wrote just now; None when nothing can be followed."""
        if (known := self._logs.get(generation_id)) is not None:
            return known  # somebody else came first
        if standing.epoch is None or (standing.ended and not standing.pieces) or not self._follows:
            return None
        log = Log(generation_id, standing.epoch, own=False)
        self._logs[generation_id] = log
        self._take(log, standing)
        return None if log.lost else log

    def take_news(self, news: dict[UUID, Standing]) -> None:
        """Pass on what other processes have written."""
        for log in self._foreign():
            if not log.readers and log.unread:
                self._drop(log)
                continue
            log.unread = not log.readers
            if (standing := news.get(log.generation_id)) is not None:
                self._take(log, standing)

    def _take(self, log: Log, standing: Standing) -> None:
        if standing.epoch != log.epoch:
            self._drop(log)
            return
        for piece in standing.pieces:
            if piece.number <= len(log.frames):
                continue  # it came by another way meanwhile
            if piece.number > len(log.frames) + 1:
                self._drop(log)
                return
            log.add(piece.frames)
        if standing.ended and not _is_whole(log.frames):
            self._drop(log)  # its end came to a place that was read before, or is deleted already
        elif standing.ended:
            log.ended = True
            log.wake()
            asyncio.get_running_loop().call_later(self._keep_s, self._drop, log)

    def close(self, *, own: bool) -> None:
        """End all readers of own or of followed answers: they find another process, or this one after its restart."""
        self._follows = self._follows and own
        for log in [log for log in self._logs.values() if log.own == own]:
            self._drop(log)

    async def follow(self, log: Log, *, reader: Reader, after: str = "") -> AsyncGenerator[bytes, None]:
        """Yield the numbered frames behind the event id `after` (all, if it is of another epoch), then live ones.

        Ends with `[DONE]` when the answer has ended, and without it when the reader has to begin again.
        """
        sent = _position(log, after)
        log.readers += 1
        reader.begin(log.wake)
        try:
            while not log.lost:
                if reader.closed:
                    if reader.last_word:
                        yield reader.last_word
                    return
                if sent < len(log.frames):
                    stop = _piece_end(log.frames, sent)
                    first = sent + 1
                    sent = stop
                    yield _numbered(log, first, stop)
                elif log.ended:
                    yield DONE
                    return
                elif not await log.change(within_s=self._keepalive_s):
                    yield KEEP_ALIVE
        finally:
            reader.end()
            log.readers -= 1


def _is_whole(frames: list[bytes]) -> bool:
    return bool(frames) and any(is_frame(frames[-1], last) for last in LAST_FRAMES)


async def end_of(log: Log) -> None:
    """Return when the answer has ended, or this log can no longer tell."""
    log.readers += 1
    try:
        while not (log.ended or log.lost):
            await log.change()
    finally:
        log.readers -= 1


def _position(log: Log, after: str) -> int:
    """How many frames a reader has that saw the event `after` last."""
    epoch, _, number = after.partition("-")
    if epoch != str(log.epoch) or not EVENT_NUMBER.fullmatch(number) or int(number) > len(log.frames):
        return 0
    return int(number)


def _piece_end(frames: list[bytes], start: int) -> int:
    """The end of as many frames as are handed over at once, at least one."""
    size, end = 0, start
    while end < len(frames) and (end == start or size + len(frames[end]) <= PIECE_BYTES):
        size += len(frames[end])
        end += 1
    return end


def _numbered(log: Log, first: int, stop: int) -> bytes:
    return b"".join(
        numbered(frame, epoch=log.epoch, number=number)
        for number, frame in enumerate(log.frames[first - 1 : stop], first)
    )
