"""The one loop of a process that speaks to the database for all its answers and readers at once.

While it owns or follows anything, each beat (200 ms; 400 where very many answers have something to say) commits what
all its answers have said, which also renews its lease, then asks for stop requests and for what other processes have
written. Once a second it looks for answers that nobody runs. So the database sees the same few statements however many
answers stream, and never a poll per reader.
"""

import asyncio
import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.conf import settings

from apps.chat.services import transitions
from apps.chat.services.claiming import AT_ONCE, Claimed, generations_claim
from apps.chat.services.frame_log import (
    Followed,
    Piece,
    Standing,
    frames_commit,
    runs_of,
    standings,
    stops_requested,
)
from apps.chat.services.sweeping import sweep
from apps.chat.stream_log import StreamLog
from apps.core.pauses import pause_at_most
from apps.core.units_of_work import DATABASE_AWAY, pulse_unit_of_work, unit_of_work

log = logging.getLogger("lamla.pulse")
IDLE_SECONDS = 1.0  # between looks for answers that nobody runs
RENEWALS_PER_LEASE = 4
SILENCE_OF_LEASE = 0.75
STRAYS_SECONDS = 5.0
SWEEP_SECONDS = 30.0
AWAY_LONGEST_SECONDS = 2.0
# A row of the log costs the same for one frame as for many: where a beat wrote this many, the next comes a beat later.
MANY_PIECES = 250


class Host(Protocol):
    """The runs of the process, as far as its pulse touches them."""

    @property
    def owner(self) -> str:
        """Its lease."""

    @property
    def room(self) -> int:
        """How many more runs it takes."""

    @property
    def run_ids(self) -> Set[UUID]:
        """What it runs."""

    def stop(self, generation_ids: Sequence[UUID]) -> None:
        """End these, as somebody has asked for."""

    def adopt(self, claimed: Claimed) -> None:
        """Go on with a run that is ours now."""

    async def fenced(self) -> None:
        """The lease is gone, and all runs with it: leave them and take a new one."""


@dataclass(frozen=True)
class Beat:
    """What one turn found."""

    alive: bool = True
    stops: Sequence[UUID] = ()
    news: dict[UUID, Standing] = field(default_factory=dict)


def beat(*, owner: str, renew: bool, pieces: Sequence[Piece], owns: bool, followed: Sequence[Followed]) -> Beat:
    """Commit, then look around; a unit of work. The reads need no transaction."""
    if (renew or pieces) and not frames_commit(owner=owner, pieces=pieces):
        return Beat(alive=False)
    return Beat(
        stops=stops_requested(owner=owner) if owns else (),
        news=standings(followed) if followed else {},
    )


class Pulse:
    """Beats until it is cancelled. `room` is set while frames may be added to the log."""

    def __init__(self, host: Host, stream_log: StreamLog) -> None:
        self._host, self._stream_log = host, stream_log
        self.room = asyncio.Event()
        self.room.set()
        self.database_away = False
        self._committing = asyncio.Lock()
        self._nudged = asyncio.Event()
        self._spoke_at = 0.0
        self._wrote = 0  # pieces, in the last beat
        self._strays: frozenset[UUID] = frozenset()
        self._renew_at = self._claim_at = self._strays_at = self._sweep_at = 0.0
        self._sweeping: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """There is something to do: do not wait out an idle pause."""
        self._nudged.set()

    async def settled(self) -> None:
        """Return when no commit is under way."""
        async with self._committing:
            pass

    async def end(self, beating: "asyncio.Task[None]") -> None:
        """Cancel the task of `run`, between two commits and never in one: what it wrote is then known."""
        async with self._committing:
            beating.cancel()
        if self._sweeping:
            self._sweeping.cancel()
        await asyncio.wait({beating})

    async def run(self) -> None:
        now = asyncio.get_running_loop().time
        self._spoke_at = now()
        away_s = settings.GENERATION_LOG_COMMIT_SECONDS
        while True:
            began = now()
            try:
                await self._turn(began)
            except DATABASE_AWAY as error:
                self._note_away(error)
                away_s = min(2 * away_s, AWAY_LONGEST_SECONDS)
                await pause_at_most(away_s)
                continue
            except Exception as error:
                # Named and not quoted: Postgres puts the row that it refuses into its words.
                log.error("the pulse has missed a beat: %s", type(error).__name__)
                await asyncio.sleep(IDLE_SECONDS)
            else:
                self.database_away = False
                self.room.set()
                away_s = settings.GENERATION_LOG_COMMIT_SECONDS
            await self._pause(began - now())

    def _note_away(self, error: Exception) -> None:
        if not self.database_away:
            log.warning("the database is away; answers go on, their frames wait: %s", str(error).partition("\n")[0])
        self.database_away = True
        if self._stream_log.unsaved_bytes() > settings.GENERATION_LOG_UNSAVED_MAX_BYTES:
            self.room.clear()

    def _note_silence(self) -> None:
        """Whatever kept us from speaking for nearly a term may have kept our peers too: they get one to speak.

        Else, after the database was away, the first to be back would take all others for dead.
        """
        now = asyncio.get_running_loop().time()
        if now - self._spoke_at > SILENCE_OF_LEASE * settings.GENERATION_LEASE_SECONDS:
            self._claim_at = now + settings.GENERATION_LEASE_SECONDS
        self._spoke_at = now

    async def _pause(self, behind_s: float) -> None:
        busy = bool(self._host.run_ids) or self._stream_log.follows_any
        beats = 2 if self._wrote > MANY_PIECES else 1
        pause_s = (beats * settings.GENERATION_LOG_COMMIT_SECONDS if busy else _idle_s()) + behind_s
        if busy:
            await asyncio.sleep(max(0.0, pause_s))
            return
        self._nudged.clear()
        try:
            async with asyncio.timeout(max(0.0, pause_s)):
                await self._nudged.wait()
        except TimeoutError:
            return

    async def _turn(self, now: float) -> None:
        if not await self._beat(now):
            await self._host.fenced()
            self._renew_at = 0.0
            return
        self._note_silence()
        if now >= self._claim_at and self._host.room > 0:
            claimed = await pulse_unit_of_work(generations_claim, owner=self._host.owner, room=self._host.room)
            self._claim_at = now if len(claimed) == AT_ONCE else now + _idle_s()  # there may be more
            for each in claimed:
                self._host.adopt(each)
        if now >= self._strays_at:
            self._strays_at = now + STRAYS_SECONDS
            await self._release_strays()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_SECONDS
            self._sweep()

    def _sweep(self) -> None:
        """Among the units of requests: it may take long, and nobody waits for it."""
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(unit_of_work(sweep), name="sweep")
            self._sweeping.add_done_callback(_note_failure)

    async def _release_strays(self) -> None:
        """Let go of what is ours by the database alone: a prompt whose commit was answered by a broken line.

        Only what was so at the last look already, since one that begins just now is not among our runs yet.
        """
        believed = await pulse_unit_of_work(runs_of, owner=self._host.owner)
        strays = frozenset(believed - self._host.run_ids)
        if lasting := strays & self._strays:
            log.warning("%d answers that nobody runs are let go", len(lasting))
            await pulse_unit_of_work(transitions.release, owner=self._host.owner, generation_ids=lasting)
        self._strays = strays

    async def _beat(self, now: float) -> bool:
        """False when the lease is gone."""
        async with self._committing:
            pieces = self._stream_log.unsaved() if settings.GENERATION_LOG else []
            renew = now >= self._renew_at
            found = await pulse_unit_of_work(
                beat,
                owner=self._host.owner,
                renew=renew,
                pieces=pieces,
                owns=bool(self._host.run_ids),
                followed=self._stream_log.followed(),
            )
            if not found.alive:
                return False
            if renew or pieces:
                self._renew_at = now + settings.GENERATION_LEASE_SECONDS / RENEWALS_PER_LEASE
            self._stream_log.mark_saved(pieces)
            self._wrote = len(pieces)
        self._host.stop(found.stops)
        self._stream_log.take_news(found.news)
        return True


def _idle_s() -> float:
    return min(IDLE_SECONDS, settings.GENERATION_LEASE_SECONDS / RENEWALS_PER_LEASE)


def _note_failure(sweeping: "asyncio.Task[None]") -> None:
    if not sweeping.cancelled() and (error := sweeping.exception()):
        log.warning("the log could not be swept: %s", type(error).__name__)
