"""The runs of a process where things cross: an end and a save, a fence and a prompt, a drain and whatever begins."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from apps.chat.models import Generation, Lease, State
from apps.chat.schemas import ChatRequest
from apps.chat.services import answer_run, answering, running
from apps.chat.services.answering import Position, answer_stream
from apps.chat.services.claiming import generations_claim
from apps.chat.services.finishing import generation_finish
from apps.chat.services.frame_log import Piece, frames_commit, generation_standing
from apps.chat.services.leasing import lease_take
from apps.chat.services.running import Runner
from apps.chat.services.starting import Started, generation_start
from apps.chat.tests.runs import BEGUN, Says, a_runner, saved, whole
from apps.core.access import Caller
from apps.core.errors import Unavailable
from apps.core.units_of_work import unit_of_work

pytestmark = pytest.mark.django_db(transaction=True)
CALLER = Caller(session_key=None, request_id="r")
OTHER = "other/m/1/t"


async def without_end() -> AsyncIterator[bytes]:
    yield BEGUN
    await asyncio.Event().wait()


class Held:
    """A unit of work that goes on when it is let: in its place another process's lock, or a busy pool."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self._entered, self._let = function, threading.Event(), threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._entered.set()
        self._let.wait(20)
        return self._function(*args, **kwargs)

    async def entered(self) -> None:
        await asyncio.to_thread(self._entered.wait, 10)

    def let_go(self) -> None:
        self._let.set()


@pytest.fixture(autouse=True)
def quick(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DRAIN_SECONDS, settings.CHAT_TITLES = 0.05, False
    monkeypatch.setattr(running, "LAST_WORDS_SECONDS", 0.05)


async def ask(runner: Runner) -> Started:
    return await runner.begin(caller=CALLER, body=ChatRequest(message="?"))


async def test_a_drain_during_a_save_that_waits_takes_nothing_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(**_: Any) -> bool:
        raise OperationalError("database is locked")

    finish = Held(generation_finish)
    monkeypatch.setattr(answer_run, "generation_finish", finish)
    monkeypatch.setattr(running, "frames_release", locked)
    async with a_runner(monkeypatch, Says(whole)) as runner:
        started = await ask(runner)
        await finish.entered()
        await runner.drain()
        finish.let_go()
        message = await saved(started)
    assert (message.state, message.text) == (State.COMPLETE, "the whole text")


async def test_what_begins_while_a_fenced_process_takes_its_new_lease_does_not_run_under_the_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Says(without_end)
    async with a_runner(monkeypatch, worker) as runner:
        take = Held(lease_take)
        monkeypatch.setattr(running, "lease_take", take)
        await unit_of_work(Lease.objects.all().delete)  # the pulse finds out
        await take.entered()
        started = await ask(runner)
        take.let_go()
        claimed = Generation.objects.filter(pk=started.generation_id, epoch=2)
        async with asyncio.timeout(10):
            while not (await unit_of_work(claimed.exists) and started.generation_id in runner.run_ids):
                pass
        tasks = [task for task in asyncio.all_tasks() if "AnswerRun.answer" in repr(task.get_coro())]
        assert len(tasks) == 1


async def test_a_reader_whose_log_opens_during_the_drain_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    standing = Held(generation_standing)
    monkeypatch.setattr(answering, "generation_standing", standing)
    async with a_runner(monkeypatch, Says(without_end)) as runner:
        await unit_of_work(lease_take, owner=OTHER)
        started = await unit_of_work(generation_start, caller=CALLER, body=ChatRequest(message="?"), owner=OTHER)
        piece = Piece(started.generation_id, 1, 1, [BEGUN])
        await unit_of_work(frames_commit, owner=OTHER, pieces=[piece])
        reading = asyncio.create_task(read(started))
        await standing.entered()
        await runner.drain()
        standing.let_go()
        async with asyncio.timeout(10):
            assert b"[DONE]" not in await reading


async def read(started: Started) -> bytes:
    return b"".join([chunk async for chunk in await answer_stream(started, Position())])


async def test_a_prompt_that_is_committed_after_the_drain_waits_for_the_next_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = Held(generation_start)
    monkeypatch.setattr(running, "generation_start", start)
    worker = Says(without_end)
    async with a_runner(monkeypatch, worker) as runner:
        asking = asyncio.create_task(ask(runner))
        await start.entered()
        await runner.drain()
        start.let_go()
        async with asyncio.timeout(10):
            started = await asking
            assert await read(started) == b""
    assert worker.asked == 0
    await unit_of_work(lease_take, owner=OTHER)
    (claimed,) = await unit_of_work(generations_claim, owner=OTHER, room=5)
    assert claimed.key.generation_id == started.generation_id


async def test_a_worker_that_dies_while_the_model_thinks_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.WORKER_PATIENCE_SECONDS = 0.1

    async def thinks_and_dies() -> AsyncIterator[bytes]:
        yield b": keep-alive\n\n"
        await asyncio.sleep(2 * settings.WORKER_PATIENCE_SECONDS)

    async with a_runner(monkeypatch, Says(thinks_and_dies, whole)) as runner:
        message = await saved(await ask(runner))
    assert (message.state, message.text) == (State.COMPLETE, "the whole text")


async def test_a_worker_that_stays_away_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.WORKER_PATIENCE_SECONDS = 0.3

    async def dies() -> AsyncIterator[bytes]:
        return
        yield b""

    worker = Says(dies)
    async with a_runner(monkeypatch, worker) as runner:
        message = await saved(await ask(runner))
    assert message.state == State.FAILED
    assert message.error
    assert message.error["code"] == "stream_broken"
    assert worker.asked > 1


async def test_an_answer_past_its_deadline_ends_with_what_there_is(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.GENERATION_DEADLINE_SECONDS = 0.3
    async with a_runner(monkeypatch, Says(without_end)) as runner:
        message = await saved(await ask(runner))
    assert (message.state, message.text) == (State.FAILED, "the whole text")
    assert message.error
    assert message.error["code"] == "deadline_exceeded"


async def test_a_burst_stays_within_the_limit(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.GENERATIONS_MAX_RUNNING = 5
    async with a_runner(monkeypatch, Says(without_end)) as runner:
        begun = await asyncio.gather(*(ask(runner) for _ in range(20)), return_exceptions=True)
        assert len(runner.run_ids) == 5
    assert sum(isinstance(each, Unavailable) for each in begun) == 15


async def test_a_stop_that_a_dead_process_did_not_hear_is_carried_out_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await unit_of_work(lease_take, owner=OTHER)
    started = await unit_of_work(generation_start, caller=CALLER, body=ChatRequest(message="?"), owner=OTHER)
    await unit_of_work(frames_commit, owner=OTHER, pieces=[Piece(started.generation_id, 1, 1, [BEGUN[-60:]])])
    await unit_of_work(Generation.objects.update, stop_requested=True)
    await unit_of_work(Lease.objects.all().delete)
    worker = Says(without_end)
    async with a_runner(monkeypatch, worker):
        message = await saved(started)
    assert message.state == State.STOPPED
    assert worker.asked == 0


async def test_a_run_that_too_many_processes_have_tried_is_given_up_with_what_there_is(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.GENERATION_MAX_EPOCHS = 3
    await unit_of_work(lease_take, owner=OTHER)
    started = await unit_of_work(generation_start, caller=CALLER, body=ChatRequest(message="?"), owner=OTHER)
    await unit_of_work(Generation.objects.update, epoch=3)
    await unit_of_work(Lease.objects.all().delete)
    async with a_runner(monkeypatch, Says(without_end)):
        message = await saved(started)
    assert message.error
    assert message.error["code"] == "interrupted_too_often"


async def test_a_prompt_is_refused_at_once_while_the_database_is_known_to_be_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_runner(monkeypatch, Says(whole)) as runner:
        monkeypatch.setattr(runner.pulse, "database_away", True)
        with pytest.raises(Unavailable) as refused:
            await ask(runner)
    assert refused.value.code == "database_unavailable"
    assert refused.value.retry_after_s
