"""The reading of files in this process: a loop that takes documents which wait, few at a time, and a task for each.

Processes meet in the database alone. What a process that died was reading is gone on with by the next that looks, at
once when both are of one machine, else when the claim runs out.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from contextvars import Context
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.core.errors import Unavailable
from apps.core.ownership import new_owner
from apps.core.units_of_work import DATABASE_AWAY, pulse_unit_of_work, unit_of_work
from apps.documents.services.leasing import (
    Claim,
    claims_release,
    claims_renew,
    outdated_claim,
    readings_release,
    waiting_claim,
)
from apps.documents.services.progress import progress
from apps.documents.services.reading import document_read
from apps.documents.services.reindexing import document_index
from apps.documents.services.sweeping import sweep

log = logging.getLogger("lamla.ingest")
IDLE_SECONDS = 1.0  # between looks for documents that others have left
OUTDATED_SECONDS = 5.0  # between looks for documents whose passages are none yet, when there were none
RENEWALS_PER_LEASE = 4
SWEEP_SECONDS = 30.0
PAUSE_SECONDS = 3.0  # after what nobody expected, or while storage or database are away
HAND_OVER_SECONDS = 1.0
Work = Callable[[Claim], Coroutine[Any, Any, None]]


class Ingest:
    """Reads, and cuts anew what is outdated. One per process."""

    def __init__(self) -> None:
        self.owner = new_owner()
        self._working: dict[Claim, asyncio.Task[None]] = {}
        self._nudged = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._not_before = self._index_at = 0.0
        self._indexing: asyncio.Task[None] | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        for turn, pause_s in ((self._take, IDLE_SECONDS), (self._renew, self._renewal_s), (self._sweep, SWEEP_SECONDS)):
            looping = self._loop(turn, pause_s)
            self._loops.append(loop.create_task(looping, name=f"ingest {turn.__name__}", context=Context()))

    def nudge(self) -> None:
        """There is something to read: look at once."""
        self._nudged.set()

    async def settled(self, document_ids: Collection[UUID], *, within_s: float) -> bool:
        """Wait until all are ready or failed, or gone, whoever reads them; False when that takes longer."""
        self.nudge()
        return await progress().settled(document_ids, within_s=within_s)

    async def drain(self) -> None:
        """Stop, and let others go on at once; without a database, when the claims run out."""
        claims = list(self._working)
        tasks = {*self._loops, *self._working.values()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=HAND_OVER_SECONDS)
        if not self._loops:
            return  # it was never started
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await unit_of_work(readings_release, self.owner)
                await unit_of_work(claims_release, claims)
        except (*DATABASE_AWAY, TimeoutError):
            log.warning("documents could not be handed over; others go on when their claims run out")

    @property
    def _renewal_s(self) -> float:
        return settings.GENERATION_LEASE_SECONDS / RENEWALS_PER_LEASE

    async def _loop(self, turn: Callable[[], Coroutine[Any, Any, None]], pause_s: float) -> None:
        while True:
            try:
                await turn()
            except DATABASE_AWAY:
                await asyncio.sleep(PAUSE_SECONDS)
            except Exception as error:  # the edge of a task that nobody awaits; a row's text must not get into the log
                log.error("ingest has missed a turn: %s", type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                await self._pause(turn, pause_s)

    async def _pause(self, turn: Callable[[], Coroutine[Any, Any, None]], pause_s: float) -> None:
        if turn != self._take:
            await asyncio.sleep(pause_s)
            return
        try:
            async with asyncio.timeout(pause_s):
                await self._nudged.wait()
        except TimeoutError:
            return

    async def _take(self) -> None:
        """Claim what there is room for, and begin with it."""
        self._nudged.clear()
        now = asyncio.get_running_loop().time()
        if now < self._not_before:
            return
        reading = len(self._working) - (self._indexing is not None)
        if (room := settings.EXTRACTION_CONCURRENCY - reading) > 0:
            for claim in await unit_of_work(waiting_claim, owner=self.owner, room=room):
                self._begin(claim, document_read)
        if self._indexing is None and now >= self._index_at:
            self._index_at = now + OUTDATED_SECONDS
            if outdated := await unit_of_work(outdated_claim, owner=self.owner):
                self._indexing = self._begin(outdated, document_index)

    def _begin(self, claim: Claim, work: Work) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(self._work(claim, work), name="read a document")
        self._working[claim] = task
        task.add_done_callback(lambda done: self._ended(claim, done))
        return task

    def _ended(self, claim: Claim, task: "asyncio.Task[None]") -> None:
        self._working.pop(claim, None)
        if self._indexing is task:
            self._indexing, self._index_at = None, 0.0
        self.nudge()

    async def _work(self, claim: Claim, work: Work) -> None:
        try:
            await work(claim)
        except Unavailable as error:
            log.warning("document=%s waits: %s", claim.document_id, error.code)
            await self._let_go(claim, blameless=True)
        except Exception as error:
            # Named and not quoted: a database puts the row that it refuses into its words.
            log.error("document=%s could not be worked on: %s", claim.document_id, type(error).__name__)
            await self._let_go(claim, blameless=False)
        finally:
            progress().touch([claim.document_id])

    async def _let_go(self, claim: Claim, *, blameless: bool) -> None:
        self._not_before = asyncio.get_running_loop().time() + PAUSE_SECONDS
        try:
            await unit_of_work(claims_release, [claim], blameless=blameless)
        except DATABASE_AWAY:
            log.warning("document=%s is gone on with when its claim runs out", claim.document_id)

    async def _renew(self) -> None:
        """In a thread of its own: a claim must not be lost because requests queue."""
        if not (claims := set(self._working)):
            return
        held = await pulse_unit_of_work(claims_renew, claims)
        for claim in claims - held:
            if task := self._working.get(claim):
                task.cancel()  # deleted, or taken by others

    async def _sweep(self) -> None:
        await sweep()


_ingest: Ingest | None = None


def ingest() -> Ingest:
    """The ingest of this process."""
    global _ingest
    if _ingest is None:
        _ingest = Ingest()
    return _ingest
