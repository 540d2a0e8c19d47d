"""What the live feed reads, what it tells of two readings, and what a reader that falls behind may cost."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.chat.models import Conversation, Generation, Message, Role, State
from apps.chat.services.live_feed import WAITING_FRAMES_MAX, Reader
from apps.chat.services.live_runs import LiveRun, changes, live_read
from apps.core.sse import members_of

NOW = datetime.now(UTC)
SINCE = NOW - timedelta(seconds=30)
LONG_AGO = NOW - timedelta(hours=1)


def generation_of(user: User, *, state: State, touched_at: datetime) -> Generation:
    """A conversation with one generation, both last changed at `touched_at`."""
    conversation = Conversation.objects.create(user=user, title="Light", updated_at=touched_at)
    prompt = Message.objects.create(conversation=conversation, user=user, role=Role.USER, text="What is light?")
    ended_at = touched_at if state in (State.COMPLETE, State.STOPPED, State.FAILED) else None
    return Generation.objects.create(conversation=conversation, user_message=prompt, state=state, ended_at=ended_at)


@pytest.mark.django_db
def test_one_select_reads_what_runs_and_what_has_just_ended(
    django_user_model: type[User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    new, old, somebody = (django_user_model.objects.create(username=name) for name in ("new", "old", "somebody"))
    long_running = generation_of(new, state=State.RUNNING, touched_at=LONG_AGO)
    just_ended = generation_of(old, state=State.COMPLETE, touched_at=NOW)
    waiting = generation_of(old, state=State.PENDING, touched_at=NOW)
    known = generation_of(old, state=State.FAILED, touched_at=LONG_AGO)
    for user in (new, old):
        generation_of(user, state=State.COMPLETE, touched_at=LONG_AGO)
    generation_of(somebody, state=State.RUNNING, touched_at=NOW)
    with django_assert_num_queries(1):
        reading = live_read(users=[new.pk, old.pk], new_users=[new.pk], known=[known.pk], since=SINCE, retitled=())
    assert list(reading.runs[new.pk]) == [long_running.pk]
    assert list(reading.runs[old.pk]) == [just_ended.pk, waiting.pk, known.pk]
    assert reading.runs[old.pk][known.pk].state == State.FAILED
    assert reading.titles == {new.pk: {}, old.pk: {}}


@pytest.mark.django_db
def test_an_earlier_answer_of_a_conversation_that_runs_again_is_not_told_anew(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create(username="student")
    earlier = generation_of(user, state=State.COMPLETE, touched_at=LONG_AGO)
    running = Generation.objects.create(conversation=earlier.conversation, user_message=earlier.user_message)
    Conversation.objects.update(updated_at=NOW)
    reading = live_read(users=[user.pk], new_users=(), known=(), since=SINCE, retitled=())
    assert list(reading.runs[user.pk]) == [running.pk]


@pytest.mark.django_db
def test_a_new_title_is_told_however_old_the_conversation_is(django_user_model: type[User]) -> None:
    user, somebody = (django_user_model.objects.create(username=name) for name in ("student", "somebody"))
    ours, theirs = (generation_of(owner, state=State.COMPLETE, touched_at=LONG_AGO) for owner in (user, somebody))
    retitled = {ours.conversation_id, theirs.conversation_id}
    reading = live_read(users=[user.pk], new_users=(), known=(), since=SINCE, retitled=retitled)
    told = [members_of(frame) for frame in changes({}, reading.runs[user.pk], titles=reading.titles[user.pk])]
    assert told == [{"type": "titled", "conversation_id": str(ours.conversation_id), "title": "Light"}]


def run(generation_id: UUID, *, state: State, title: str = "Light") -> LiveRun:
    return LiveRun(generation_id, generation_id, generation_id, generation_id, state, title)


def told(before: Iterable[LiveRun], now: Iterable[LiveRun], **titles: Any) -> list[str]:
    readings = [{run.generation_id: run for run in runs} for runs in (before, now)]
    return [members_of(frame)["type"] for frame in changes(*readings, titles=titles.get("titles", {}))]


def test_a_title_that_was_already_told_is_not_told_again() -> None:
    pk = uuid4()
    before, now = run(pk, state=State.RUNNING, title="Old"), run(pk, state=State.RUNNING, title="New")
    assert told([before], [now]) == ["titled"]
    assert told([now], [now], titles={pk: "New"}) == []
    assert told([before], [now], titles={pk: "New"}) == ["titled"]
    assert told([], [now], titles={pk: "New"}) == ["started", "titled"]


@given(
    spans=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 20)), max_size=8),
    looks=st.lists(st.integers(1, 10), min_size=1, max_size=20),
)
def test_each_run_is_told_once_from_start_to_end_whenever_one_looks(
    spans: list[tuple[int, int]], looks: list[int]
) -> None:
    """A look sees what runs, what has ended since 30 s before the look before, and what was running then."""
    begun = {uuid4(): (start, start + length) for start, length in spans}
    seen: dict[UUID, LiveRun] = {}
    said: list[tuple[str, str]] = []
    last, at = 0, 0
    for step in [*looks, 100]:
        at += step
        present = {
            pk: run(pk, state=State.RUNNING if end > at else State.COMPLETE)
            for pk, (start, end) in begun.items()
            if start <= at and (end >= last - 30 or (pk in seen and seen[pk].is_live))
        }
        frames = [members_of(frame) for frame in changes(seen, present, titles={})]
        said += [(frame["type"], frame["generation_id"]) for frame in frames]
        seen, last = present, at
    assert len(said) == 2 * len(begun)
    for pk in begun:
        assert [type_ for type_, generation_id in said if generation_id == str(pk)] == ["started", "finished"]


async def test_a_reader_that_falls_behind_is_ended_and_costs_no_more_memory() -> None:
    reader = Reader()
    for _ in range(WAITING_FRAMES_MAX):
        reader.give(b"data: {}\n\n")
    reader.give(b"data: {}\n\n")
    reader.give(b"data: {}\n\n")
    assert [frames async for frames in reader.frames()] == []


async def test_a_reader_gets_all_that_waits_and_then_its_end() -> None:
    reader = Reader()
    reader.give(b"data: 1\n\n", b"data: 2\n\n")
    reader.end()
    assert [frames async for frames in reader.frames()] == [b"data: 1\n\ndata: 2\n\n"]
