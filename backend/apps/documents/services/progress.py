"""How far files are read, for whoever wants to know in this process: one task reads the database for all of them.

Only while somebody follows, and without a connection or a lock in between. A follower is given what changed since it
looked last; what it missed in between it need not know.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now

from apps.core.errors import QuotaExceeded, Unavailable
from apps.core.lookout import Lookout
from apps.core.sse import DONE, KEEP_ALIVE, frame
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState
from apps.documents.schemas import DocumentOut

POLL_SECONDS = 0.4
YOUNG = timedelta(minutes=5)  # what is no older is told to its user, whatever its state
WATCHED_SECONDS = 60.0  # that a document is looked at after its last change
SETTLED = frozenset({"ready", "failed"})
RETRY_AFTER_SECONDS = 5

Found = Mapping[UUID, tuple[UUID, DocumentOut]]  # by the document's id: its user's, and what is told of it


def progress_read(*, document_ids: Collection[UUID], users: Collection[UUID]) -> Found:
    """These documents, and of these users those that are young or being read. No transaction, one SELECT."""
    reading = (DocumentState.WAITING, DocumentState.READING)
    visible = Document.objects.exclude(state=DocumentState.ARRIVING)
    parts = [
        visible.filter(pk__in=document_ids),
        visible.filter(user__in=users, created_at__gte=Now() - YOUNG),
        Document.objects.filter(user__in=users, state__in=reading),
    ]
    return {row.pk: (row.user_id, DocumentOut.of(row)) for row in parts[0].union(*parts[1:], all=True)}


class Follower:
    """Follows some documents, or all of a user. What it was given last is what it compares with."""

    def __init__(self, *, document_ids: Collection[UUID] = (), user_id: UUID | None = None) -> None:
        self.document_ids, self.user_id = frozenset(document_ids), user_id
        self.is_closed = False
        self._seen: dict[UUID, DocumentOut] = {}
        self._changed: dict[UUID, DocumentOut] = {}
        self._missing: frozenset[UUID] | None = None  # not known before the first look
        self._woken = asyncio.Event()

    def give(self, found: Found) -> None:
        for pk, (user_id, document) in found.items():
            if (pk in self.document_ids or user_id == self.user_id) and self._seen.get(pk) != document:
                self._seen[pk] = self._changed[pk] = document
                self._woken.set()
        missing = self.document_ids - found.keys()
        if missing != self._missing:
            self._missing = missing
            self._woken.set()

    def close(self) -> None:
        self.is_closed = True
        self._woken.set()

    async def changes(self, *, within_s: float) -> Sequence[DocumentOut]:
        """What has changed since the last call; waits for it, and is empty when nothing does in time."""
        if not self._changed and not self.is_closed:
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, within_s)):
                    await self._woken.wait()
        return self.take()

    def take(self) -> Sequence[DocumentOut]:
        """The same without waiting."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    @property
    def all_settled(self) -> bool:
        """Whether each was found ready, failed, or gone."""
        if self._missing is None:
            return not self.document_ids
        there = self.document_ids - self._missing
        return all(pk in self._seen and self._seen[pk].state in SETTLED for pk in there)


class Progress:
    """The followers of this process, and the task that looks for all of them."""

    def __init__(self) -> None:
        self._followers: list[Follower] = []
        self._watched: dict[UUID, tuple[DocumentOut, float]] = {}  # as they were seen last, and until when
        self._touched: set[UUID] = set()
        self._lookout = Lookout("progress", self._look, is_wanted=lambda: bool(self._followers), every_s=POLL_SECONDS)
        self._closed = False

    @contextmanager
    def following(self, follower: Follower) -> Iterator[Follower]:
        """Until the block is left. Raises: Unavailable while the process ends."""
        self.refuse_when_closed()
        self._followers.append(follower)
        if not self._lookout.is_running:
            self._watched.clear()
        self._lookout.begin()
        try:
            yield follower
        finally:
            self._followers.remove(follower)

    def refuse_when_closed(self) -> None:
        """Raises: Unavailable while the process ends."""
        if self._closed:
            raise Unavailable(
                "The server is restarting; try again in a moment.", code="draining", retry_after_s=RETRY_AFTER_SECONDS
            )

    def touch(self, document_ids: Collection[UUID]) -> None:
        """Something of these has changed here: look at once, whatever their age."""
        if self._followers:
            self._touched.update(document_ids)
            self._lookout.nudge()

    async def settled(self, document_ids: Collection[UUID], *, within_s: float) -> bool:
        """Wait until all are ready, failed or gone; False when that takes longer, or the process ends."""
        now = asyncio.get_running_loop().time
        until = now() + within_s
        with self.following(Follower(document_ids=document_ids)) as follower:
            while not follower.all_settled:
                if follower.is_closed or now() >= until:
                    return False
                await follower.changes(within_s=until - now())
        return True

    async def close(self) -> None:
        """End all followers and the task; streams come back to another process, or to the next one."""
        self._closed = True
        for follower in self._followers:
            follower.close()
        await self._lookout.close()

    def followers_of(self, user_id: UUID) -> int:
        """How many streams of single documents a user has open here."""
        return sum(isinstance(each, DocumentStream) and each.reader_id == user_id for each in self._followers)

    async def _look(self) -> None:
        """Read once for all, and give it to each follower that was there before the reading."""
        now = asyncio.get_running_loop().time()
        followers = list(self._followers)
        touched, self._touched = self._touched, set()
        watched = {pk for pk, (_, until) in self._watched.items() if until > now}
        followed = set[UUID]().union(*(follower.document_ids for follower in followers))
        users = {follower.user_id for follower in followers if follower.user_id}
        found = await unit_of_work(progress_read, document_ids=watched | touched | followed, users=users)
        self._watched = {pk: self._as_watched(pk, document, now) for pk, (_, document) in found.items()}
        for follower in followers:
            follower.give(found)

    def _as_watched(self, pk: UUID, document: DocumentOut, now: float) -> tuple[DocumentOut, float]:
        before = self._watched.get(pk)
        return before if before and before[0] == document else (document, now + WATCHED_SECONDS)


class DocumentStream(Follower):
    """One connection that follows one document."""

    def __init__(self, *, document_id: UUID, reader_id: UUID) -> None:
        super().__init__(document_ids=(document_id,))
        self.reader_id = reader_id


def document_events(*, document_id: UUID, user_id: UUID) -> AsyncGenerator[bytes, None]:
    """Frames: its state now and at each change, then the end, once it is ready or failed, or gone.

    Raises: QuotaExceeded when its user follows too many at once; Unavailable while the process ends.
    """
    progress().refuse_when_closed()
    if progress().followers_of(user_id) >= settings.READERS_PER_USER_MAX:
        raise QuotaExceeded(
            "You follow too many files at once; close some of their pages.",
            code="too_many_readers",
            retry_after_s=RETRY_AFTER_SECONDS,
        )
    return _frames(DocumentStream(document_id=document_id, reader_id=user_id))


async def _frames(stream: DocumentStream) -> AsyncGenerator[bytes, None]:
    with progress().following(stream):
        while not stream.is_closed:
            changed = await stream.changes(within_s=settings.SSE_KEEPALIVE_SECONDS)
            for document in changed:
                yield document_frame(document)
            if stream.all_settled:
                yield DONE
                return
            if not changed:
                yield KEEP_ALIVE


def document_frame(document: DocumentOut) -> bytes:
    return frame("data-document", data=document.model_dump(mode="json"))


_progress: Progress | None = None


def progress() -> Progress:
    """The progress of this process."""
    global _progress
    if _progress is None:
        _progress = Progress()
    return _progress
