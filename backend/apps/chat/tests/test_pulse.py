"""The loop of a process against a real database: it commits, renews, hears, and lets go of what nobody runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from apps.chat.models import Generation, Lease
from apps.chat.schemas import ChatRequest
from apps.chat.services import frame_log, transitions
from apps.chat.services import pulse as pulse_module
from apps.chat.services.claiming import Claimed
from apps.chat.services.frame_log import frames_of
from apps.chat.services.leasing import lease_take
from apps.chat.services.pulse import Pulse
from apps.chat.services.starting import Started, generation_start
from apps.chat.stream_log import StreamLog
from apps.core.access import Caller
from apps.core.sse import frame
from apps.core.units_of_work import pulse_unit_of_work, unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)
ME = "host/m/1/me"
FRAMES = [frame("text-delta", id="answer", delta=f"t{number} ") for number in range(6)]


class HostOfTests:
    """What the pulse asked for."""

    def __init__(self) -> None:
        self.owner, self.room = ME, 10
        self.run_ids: set[UUID] = set()
        self.stopped: list[UUID] = []
        self.adopted: list[Claimed] = []
        self.fences = 0

    def stop(self, generation_ids: Sequence[UUID]) -> None:
        self.stopped += generation_ids

    def adopt(self, claimed: Claimed) -> None:
        self.adopted.append(claimed)

    async def fenced(self) -> None:
        self.fences += 1
        self.owner = f"host/m/1/{uuid4().hex}"
        await pulse_unit_of_work(lease_take, owner=self.owner)


@pytest.fixture(autouse=True)
def quick(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GENERATION_LOG_COMMIT_SECONDS = 0.01
    monkeypatch.setattr(pulse_module, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(pulse_module, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(pulse_module, "STRAYS_SECONDS", 0.01)


@asynccontextmanager
async def beating(host: HostOfTests, stream_log: StreamLog) -> AsyncIterator[Pulse]:
    await unit_of_work(lease_take, owner=host.owner)
    pulse = Pulse(host, stream_log)
    task = asyncio.create_task(pulse.run())
    try:
        yield pulse
    finally:
        await pulse.end(task)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not await unit_of_work(holds):
            pass


def a_log() -> StreamLog:
    return StreamLog(max_bytes=10**6, keep_s=60, keepalive_s=30)


def start(owner: str = ME) -> Started:
    return generation_start(caller=Caller(session_key=None, request_id="r"), body=ChatRequest(message="?"), owner=owner)


async def test_frames_are_saved_once_in_order_and_a_stop_is_heard() -> None:
    host, stream_log = HostOfTests(), a_log()
    async with beating(host, stream_log) as pulse:
        started = await unit_of_work(start)
        host.run_ids.add(started.generation_id)
        log = stream_log.begin(started.generation_id, epoch=1)
        for each in FRAMES:
            stream_log.append(log, each)
            await asyncio.sleep(0.005)
        await until(lambda: frames_of(generation_id=started.generation_id, epoch=1) == FRAMES)
        await pulse.settled()
        assert stream_log.unsaved() == []
        await unit_of_work(transitions.request_stop, generation_id=started.generation_id)
        await until(lambda: started.generation_id in host.stopped)


async def test_an_answer_that_is_ours_by_the_database_alone_is_taken_up() -> None:
    host = HostOfTests()
    async with beating(host, a_log()):
        started = await unit_of_work(start)  # committed, but its process was told that it was not
        await until(lambda: bool(host.adopted))
    assert host.adopted[0].key.generation_id == started.generation_id
    assert host.fences == 0


async def test_an_answer_that_runs_here_is_not_taken_up_again() -> None:
    host = HostOfTests()
    async with beating(host, a_log()) as pulse:
        started = await unit_of_work(start)
        host.run_ids.add(started.generation_id)
        for _ in range(5):
            await pulse_unit_of_work(Generation.objects.count)  # behind what the pulse does in the same thread
            await pulse.settled()
    assert host.adopted == []


async def test_a_process_whose_lease_was_taken_away_comes_back_under_a_new_one() -> None:
    host, stream_log = HostOfTests(), a_log()
    async with beating(host, stream_log):
        log = stream_log.begin(uuid4(), epoch=1)
        await unit_of_work(Lease.objects.all().delete)
        stream_log.append(log, FRAMES[0])
        await until(lambda: host.fences == 1 and Lease.objects.filter(owner=host.owner).exists())
    assert host.owner != ME


async def test_while_the_database_is_away_frames_wait_within_their_bound(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GENERATION_LOG_UNSAVED_MAX_BYTES = len(FRAMES[0])
    away = True
    commit = frame_log.frames_commit

    def sometimes(**pieces: object) -> bool:
        if away:
            raise OperationalError
        return commit(**pieces)  # type: ignore[arg-type]  # passed through

    host, stream_log = HostOfTests(), a_log()
    monkeypatch.setattr(pulse_module, "frames_commit", sometimes)
    async with beating(host, stream_log) as pulse:
        started = await unit_of_work(start)
        host.run_ids.add(started.generation_id)
        log = stream_log.begin(started.generation_id, epoch=1)
        for each in FRAMES[:2]:
            stream_log.append(log, each)
        await until(lambda: pulse.database_away and not pulse.room.is_set())
        away = False
        async with asyncio.timeout(10):
            await pulse.room.wait()
        await until(lambda: frames_of(generation_id=started.generation_id, epoch=1) == FRAMES[:2])
    assert not pulse.database_away


async def test_a_commit_whose_answer_was_lost_is_repeated_without_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = iter([True])
    commit = frame_log.frames_commit

    def unheard(**pieces: object) -> bool:
        done = commit(**pieces)  # type: ignore[arg-type]  # passed through
        if pieces["pieces"] and next(lost, False):
            raise OperationalError
        return done

    host, stream_log = HostOfTests(), a_log()
    monkeypatch.setattr(pulse_module, "frames_commit", unheard)
    async with beating(host, stream_log):
        started = await unit_of_work(start)
        host.run_ids.add(started.generation_id)
        log = stream_log.begin(started.generation_id, epoch=1)
        stream_log.append(log, FRAMES[0])
        await until(lambda: frames_of(generation_id=started.generation_id, epoch=1) == FRAMES[:1])
        for each in FRAMES[1:]:
            stream_log.append(log, each)
        await until(lambda: frames_of(generation_id=started.generation_id, epoch=1) == FRAMES)
