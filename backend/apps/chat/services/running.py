"""The runs of this process: a task each, owned here and not by the request that began it."""

import asyncio
import logging
from collections.abc import Sequence, Set
from contextvars import Context
from uuid import UUID

from django.conf import settings

from apps.chat import frames
from apps.chat.models import State
from apps.chat.prompt_bodies import PromptBody
from apps.chat.readers import Readers
from apps.chat.services.answer_run import AnswerRun, Leave, Surroundings, tariff_ask
from apps.chat.services.claiming import Claimed
from apps.chat.services.finishing import RunKey
from apps.chat.services.frame_log import frames_release
from apps.chat.services.leasing import lease_give_up, lease_take
from apps.chat.services.live_feed import live_feed
from apps.chat.services.pulse import Pulse
from apps.chat.services.starting import Started, generation_start
from apps.chat.services.titling import titles
from apps.chat.stream_log import StreamLog
from apps.core.access import Caller
from apps.core.errors import Unavailable
from apps.core.ownership import new_owner
from apps.core.units_of_work import DATABASE_AWAY, pulse_unit_of_work, unit_of_work

log = logging.getLogger("lamla.generation")
# With DRAIN_SECONDS within the 5 s that the supervisor of `make run` leaves a process to end.
LAST_WORDS_SECONDS = 0.5
HAND_OVER_SECONDS = 1.0
RETRY_AFTER_SECONDS = 5


class Runner:
    """Starts, takes over, stops and hands over runs. One per process; the host of its pulse."""

    def __init__(self) -> None:
        self.owner = new_owner()
        self.stream_log = StreamLog(
            max_bytes=settings.GENERATION_MAX_BYTES,
            keep_s=settings.GENERATION_LOG_KEEP_SECONDS,
            keepalive_s=settings.SSE_KEEPALIVE_SECONDS,
        )
        self.readers = Readers(per_user_max=settings.READERS_PER_USER_MAX)
        self.draining = self._handed_over = False
        self.pulse = Pulse(self, self.stream_log)
        self._around = Surroundings(self.stream_log, self.pulse.room, self.pulse.settled)
        self._beating: asyncio.Task[None] | None = None
        self._runs: dict[UUID, AnswerRun] = {}
        self._beginning: set[asyncio.Task[Started]] = set()

    async def start(self) -> None:
        """Take a lease and begin to look for work. Raises: DatabaseError."""
        await unit_of_work(lease_take, owner=self.owner)
        self._beating = asyncio.create_task(self.pulse.run(), name="pulse")

    def refuse_when_full(self) -> None:
        """Raises: Unavailable while the process ends or the database is away, or when it answers as many as it may."""
        wait_s = RETRY_AFTER_SECONDS
        if self.draining:
            raise Unavailable("The server is restarting; try again in a moment.", code="draining", retry_after_s=wait_s)
        if self.pulse.database_away:
            raise Unavailable(
                "The database is away just now; try again in a moment.",
                code="database_unavailable",
                retry_after_s=wait_s,
            )
        if self.room <= 0:
            raise Unavailable("The server is answering as many as it can; try again shortly.", retry_after_s=wait_s)

    async def begin(self, *, caller: Caller, body: PromptBody) -> Started:
        """Commit the prompt and begin to answer it, or find the answer that the same prompt began before.

        A client that leaves in between interrupts nothing: what is committed is also run.
        Raises: NotFound, Conflict, QuotaExceeded, Unavailable.
        """
        self.refuse_when_full()
        beginning = asyncio.create_task(self._begin(caller=caller, body=body))
        self._beginning.add(beginning)
        beginning.add_done_callback(self._beginning.discard)
        return await asyncio.shield(beginning)

    async def _begin(self, *, caller: Caller, body: PromptBody) -> Started:
        tariff = await tariff_ask(provider=body.provider or "", model=body.model or "", request_id=caller.request_id)
        owner = self.owner
        started = await unit_of_work(generation_start, caller=caller, body=body, owner=owner, tariff=tariff)
        # Else it waits for whoever claims it next.
        if started.is_new and owner == self.owner and not self._handed_over:
            key = RunKey(started.generation_id, 1, owner)
            run = self._launch(key, started, first=())
            run.log.add(frames.first(started))  # whatever the bound: what comes next is refused, and the run ends by it
        return started

    def adopt(self, claimed: Claimed) -> None:
        if self.draining:
            return  # it is released with the lease
        log.info("generation=%s goes on here, epoch %d", claimed.key.generation_id, claimed.key.epoch)
        run = self._launch(claimed.key, claimed.started, first=claimed.first)
        if claimed.stop_requested:
            run.leave(Leave.STOPPED)

    def _launch(self, key: RunKey, started: Started, *, first: Sequence[bytes]) -> AnswerRun:
        answer_log = self.stream_log.begin(key.generation_id, epoch=key.epoch, frames=first)
        run = self._runs[key.generation_id] = AnswerRun(key, started, answer_log, self._around)
        # A fresh context: nothing of the request (its id in the log, its language) may leak into the run, nor live as
        # long as it.
        context = Context()
        run.task = asyncio.get_running_loop().create_task(run.answer(), context=context)
        run.task.add_done_callback(lambda task: self._ended(run, task), context=context)
        self.pulse.nudge()
        live_feed().nudge()
        return run

    def _ended(self, run: AnswerRun, task: "asyncio.Task[State | None]") -> None:
        if self._runs.get(run.key.generation_id) is run:
            del self._runs[run.key.generation_id]
        live_feed().nudge()
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            log.error("generation=%s was left unsaved", run.key.generation_id, exc_info=error)
            self.stream_log.lose(run.log)
        elif task.result() is State.COMPLETE:
            titles().begin(conversation_id=run.started.conversation_id, request_id=run.started.request_id)

    @property
    def room(self) -> int:
        return 0 if self.draining else settings.GENERATIONS_MAX_RUNNING - len(self._runs) - len(self._beginning)

    @property
    def run_ids(self) -> Set[UUID]:
        return self._runs.keys()

    async def end_of(self, generation_id: UUID) -> None:
        """Return when a run of this process has ended, at once if it is none; the waiter may be cancelled."""
        run = self._runs.get(generation_id)
        if run and run.task:
            await asyncio.wait({run.task})

    def stop(self, generation_ids: Sequence[UUID]) -> None:
        """Have those that run here close the provider's socket and save what there is."""
        for generation_id in generation_ids:
            if run := self._runs.get(generation_id):
                run.leave(Leave.STOPPED)

    async def fenced(self) -> None:
        """Another process has taken this one for dead: let all runs go, and come back under a new lease."""
        log.warning("this process was silent for too long; others go on with its %d answers", len(self._runs))
        self._lose_all()
        owner = new_owner()
        await pulse_unit_of_work(lease_take, owner=owner)
        self._lose_all()  # what has begun meanwhile, under a lease that is no more, is anybody's
        self.owner = owner

    def _lose_all(self) -> None:
        for run in list(self._runs.values()):
            run.leave(Leave.LOST)
            self.stream_log.lose(run.log)
        self._runs.clear()

    async def drain(self) -> None:
        """Take no new runs, let those that run end within DRAIN_SECONDS, and hand over what is left."""
        self.draining = True
        self.stream_log.close(own=False)
        if self._beginning:
            await asyncio.wait(self._beginning, timeout=LAST_WORDS_SECONDS)
        tasks = {run.task for run in self._runs.values() if run.task}
        if tasks:
            await asyncio.wait(tasks, timeout=settings.DRAIN_SECONDS)
        left = list(self._runs.values())
        for run in left:
            run.leave(Leave.RELEASED)
        if left:
            await asyncio.wait({run.task for run in left if run.task}, timeout=LAST_WORDS_SECONDS)
        self._handed_over = True
        try:
            await self._hand_over([run.key.generation_id for run in left])
        finally:
            self.stream_log.close(own=True)
        await titles().drain()

    async def _hand_over(self, generation_ids: Sequence[UUID]) -> None:
        """The last commit, and the end of the lease. Without a database the lease runs out by itself."""
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                if self._beating:
                    await self.pulse.end(self._beating)
                pieces = self.stream_log.unsaved() if settings.GENERATION_LOG else []
                await pulse_unit_of_work(frames_release, owner=self.owner, pieces=pieces, generation_ids=generation_ids)
                await pulse_unit_of_work(lease_give_up, owner=self.owner)
        except (*DATABASE_AWAY, TimeoutError):
            log.warning("answers could not be handed over; others take them when the lease runs out")


_runner: Runner | None = None


def runner() -> Runner:
    """The runner of this process."""
    global _runner
    if _runner is None:
        _runner = Runner()
    return _runner
