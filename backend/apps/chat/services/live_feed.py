"""The live feed: tells each browser which of its user's conversations are answering, and how far files are read.

Whichever process answers, or reads.
Processes meet in the database alone. One task per process reads it for all readers together, only while there are
readers, and holds neither a connection nor a lock in between.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.chat.services.live_runs import LiveRun, Reading, Runs, answering, changes, live_read
from apps.core.errors import Unavailable
from apps.core.lookout import Lookout
from apps.core.sse import KEEP_ALIVE
from apps.core.units_of_work import unit_of_work
from apps.documents.services.progress import Follower, Found, document_frame, progress

POLL_SECONDS = 0.5
# How long a run that has ended is looked at: for those that another process began and ended between two looks, for a
# title that it makes afterwards (longer than DEADLINE_SECONDS in titling.py), and for clocks that differ.
RECENT = timedelta(seconds=30)
WAITING_FRAMES_MAX = 500


class Reader:
    """One connection: the frames that it has yet to be sent, and whether it is to end."""

    def __init__(self) -> None:
        self.has_state = False  # whether it was told the present state, to which changes can be added
        self._waiting: list[bytes] = []
        self._ended = False
        self._woken = asyncio.Event()

    def give(self, *frames: bytes) -> None:
        """Add frames; a reader that falls too far behind is ended, and gets the present state when it comes back."""
        if self._ended:
            return
        self._waiting.extend(frames)
        self._woken.set()
        if len(self._waiting) > WAITING_FRAMES_MAX:
            self._waiting.clear()
            self.end()

    def end(self) -> None:
        self._ended = True
        self._woken.set()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield what was given as it comes, and a comment in each long silence, until the end."""
        while True:
            if self._waiting:
                fresh = b"".join(self._waiting)
                self._waiting.clear()
                yield fresh
            elif self._ended:
                return
            else:
                self._woken.clear()
                try:
                    async with asyncio.timeout(settings.SSE_KEEPALIVE_SECONDS):
                        await self._woken.wait()
                except TimeoutError:
                    yield KEEP_ALIVE


class FilesOfReader(Follower):
    """Tells a reader how far the files of its user are, from when it has the present state of the conversations."""

    def __init__(self, reader: Reader, *, user_id: UUID) -> None:
        super().__init__(user_id=user_id)
        self._reader = reader

    def give(self, found: Found) -> None:
        if self._reader.has_state:
            super().give(found)
            self._reader.give(*(document_frame(document) for document in self.take()))


class LiveFeed:
    """The readers of this process by their user, and the task that looks for what they are to be told."""

    def __init__(self) -> None:
        self._readers: dict[UUID, list[Reader]] = {}
        self._seen: dict[UUID, Runs] = {}  # what the last look found, by user
        self._looked_at: datetime | None = None
        self._retitled: set[UUID] = set()
        self._lookout = Lookout("live feed", self._look, is_wanted=lambda: bool(self._readers), every_s=POLL_SECONDS)
        self._closed = False

    def follow(self, user_id: UUID) -> AsyncGenerator[bytes, None]:
        """Frames for one reader: the present state, then each change.

        Above READERS_PER_USER_MAX the user's oldest reader ends. Raises: Unavailable while the process ends.
        """
        if self._closed:
            raise Unavailable("The server is restarting; try again in a moment.", code="draining", retry_after_s=5)
        return self._frames(user_id)

    def nudge(self) -> None:
        """Look at once: a run of this process has begun or ended."""
        self._lookout.nudge()

    def title_changed(self, conversation_id: UUID) -> None:
        """Tell the title that the conversation now has."""
        if self._readers:
            self._retitled.add(conversation_id)
            self.nudge()

    async def close(self) -> None:
        """End all readers and the task; they come back to another process, or to the next one."""
        self._closed = True
        for readers in self._readers.values():
            for reader in readers:
                reader.end()
        await self._lookout.close()

    async def _frames(self, user_id: UUID) -> AsyncGenerator[bytes, None]:
        reader = Reader()
        self._join(user_id, reader)
        try:
            with progress().following(FilesOfReader(reader, user_id=user_id)):
                async for frames in reader.frames():
                    yield frames
        finally:
            self._leave(user_id, reader)

    def _join(self, user_id: UUID, reader: Reader) -> None:
        readers = self._readers.setdefault(user_id, [])
        readers.append(reader)
        if len(readers) > settings.READERS_PER_USER_MAX:
            readers.pop(0).end()
        if not self._lookout.is_running:
            self._seen, self._looked_at = {}, None
        self._lookout.begin()

    def _leave(self, user_id: UUID, reader: Reader) -> None:
        readers = self._readers.get(user_id, [])
        if reader in readers:
            readers.remove(reader)
            if not readers:
                del self._readers[user_id]

    async def _look(self) -> None:
        """Read once for all, and tell each reader that was there before the reading."""
        readers = {user_id: tuple(present) for user_id, present in self._readers.items()}
        retitled, self._retitled = self._retitled, set()
        now = datetime.now(UTC)
        try:
            reading = await unit_of_work(
                live_read,
                users=tuple(readers),
                new_users=[user_id for user_id in readers if user_id not in self._seen],
                known=[run.generation_id for run in self._known_live(readers)],
                since=(self._looked_at or now) - RECENT,
                retitled=retitled,
            )
        except BaseException:
            self._retitled |= retitled
            raise
        self._looked_at = now
        for user_id, present in readers.items():
            self._tell(user_id, present, reading)
        self._seen = {user_id: reading.runs[user_id] for user_id in readers}

    def _known_live(self, users: dict[UUID, tuple[Reader, ...]]) -> list[LiveRun]:
        return [run for user_id in users for run in self._seen.get(user_id, {}).values() if run.is_live]

    def _tell(self, user_id: UUID, present: tuple[Reader, ...], reading: Reading) -> None:
        runs = reading.runs[user_id]
        # A user who is new here has only new readers, who get the state and no changes.
        changed = list(changes(self._seen.get(user_id, {}), runs, titles=reading.titles[user_id]))
        for reader in present:
            if reader.has_state:
                reader.give(*changed)
            else:
                reader.has_state = True
                reader.give(answering(runs))


_live_feed: LiveFeed | None = None


def live_feed() -> LiveFeed:
    """The live feed of this process."""
    global _live_feed
    if _live_feed is None:
        _live_feed = LiveFeed()
    return _live_feed
