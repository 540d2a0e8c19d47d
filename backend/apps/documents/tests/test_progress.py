"""How far files are read, as it is told: one reading for all who follow, and an end."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.core.errors import QuotaExceeded, Unavailable
from apps.core.sse import DONE, KEEP_ALIVE
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState
from apps.documents.services import progress as module
from apps.documents.services.progress import Follower, document_events, progress, progress_read
from apps.documents.tests.library import Person, a_person, a_row

pytestmark = pytest.mark.django_db(transaction=True)
LONG_S = 10.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.02)


async def change(document: Document, **columns: Any) -> None:  # Any: of the model
    await unit_of_work(Document.objects.filter(pk=document.pk).update, **columns)


async def told(frames: AsyncGenerator[bytes, None]) -> dict[str, Any]:
    """The document of the next frame. Any: JSON."""
    frame = await anext(frames)
    members: dict[str, Any] = orjson.loads(frame.removeprefix(b"data: "))
    assert members["type"] == "data-document"
    data: dict[str, Any] = members["data"]
    return data


async def test_a_stream_tells_each_change_and_ends_when_the_file_is_read(person: Person) -> None:
    document = await unit_of_work(a_row, person.user, state=DocumentState.WAITING)
    frames = document_events(document_id=document.pk, user_id=person.user.pk)
    assert (await told(frames))["state"] == "waiting"
    await change(document, state=DocumentState.READING, page_count=3, pages_read=1, pages_ocr=1)
    now = await told(frames)
    assert (now["state"], now["pages"], now["pages_done"], now["report"]["ocr"]) == ("reading", 3, 2, 1)
    problem = {"code": "document_broken", "detail": "It is damaged."}
    await change(document, state=DocumentState.FAILED, problem=problem)
    assert (await told(frames))["problem"] == problem
    assert [frame async for frame in frames] == [DONE]


async def test_a_stream_of_a_file_that_is_read_says_so_and_ends(person: Person) -> None:
    document = await unit_of_work(a_row, person.user)
    frames = [frame async for frame in document_events(document_id=document.pk, user_id=person.user.pk)]
    assert len(frames) == 2
    assert frames[1] == DONE


async def test_a_stream_of_a_file_that_is_deleted_ends(person: Person) -> None:
    document = await unit_of_work(a_row, person.user, state=DocumentState.READING)
    frames = document_events(document_id=document.pk, user_id=person.user.pk)
    await told(frames)
    await unit_of_work(lambda: document.delete())
    assert [frame async for frame in frames] == [DONE]


async def test_a_silent_stream_is_kept_alive(person: Person, settings: LazySettings) -> None:
    settings.SSE_KEEPALIVE_SECONDS = 0.05
    document = await unit_of_work(a_row, person.user, state=DocumentState.READING)
    frames = document_events(document_id=document.pk, user_id=person.user.pk)
    await told(frames)
    assert await anext(frames) == KEEP_ALIVE
    await frames.aclose()


async def test_one_user_has_only_so_many_streams(person: Person, settings: LazySettings) -> None:
    settings.READERS_PER_USER_MAX = 2
    document = await unit_of_work(a_row, person.user, state=DocumentState.READING)
    streams = [document_events(document_id=document.pk, user_id=person.user.pk) for _ in range(2)]
    for stream in streams:
        await told(stream)
    with pytest.raises(QuotaExceeded):
        document_events(document_id=document.pk, user_id=person.user.pk)
    document_events(document_id=document.pk, user_id=uuid4())
    await streams[0].aclose()
    again = document_events(document_id=document.pk, user_id=person.user.pk)
    await told(again)
    for stream in (streams[1], again):
        await stream.aclose()


async def test_at_the_end_of_the_process_all_streams_end(person: Person) -> None:
    document = await unit_of_work(a_row, person.user, state=DocumentState.READING)
    frames = document_events(document_id=document.pk, user_id=person.user.pk)
    await told(frames)
    waiting = asyncio.create_task(progress().settled([document.pk], within_s=LONG_S))
    await asyncio.sleep(0)
    await progress().close()
    assert [frame async for frame in frames] == []
    assert not await waiting
    with pytest.raises(Unavailable):
        document_events(document_id=document.pk, user_id=person.user.pk)


async def test_who_follows_a_user_is_told_of_that_users_files_alone(person: Person) -> None:
    other = await unit_of_work(a_person)
    await unit_of_work(a_row, other.user, state=DocumentState.READING)
    long_ago = timezone.now() - timedelta(days=1)
    await unit_of_work(a_row, person.user, content=b"old", created_at=long_ago)
    old_but_read = await unit_of_work(
        a_row, person.user, content=b"book", created_at=long_ago, state=DocumentState.READING
    )
    with progress().following(Follower(user_id=person.user.pk)) as follower:
        assert [each.id for each in await follower.changes(within_s=LONG_S)] == [old_but_read.pk]
        young = await unit_of_work(a_row, person.user, content=b"new", state=DocumentState.WAITING)
        assert await _changed(follower) == {young.pk: "waiting"}
        await change(old_but_read, state=DocumentState.READY, passage_count=10)
        assert await _changed(follower) == {old_but_read.pk: "ready"}
        await change(old_but_read, vector_count=5)  # looked at for a while after it is read
        (found,) = await follower.changes(within_s=LONG_S)
        assert (found.id, found.meaning_percent) == (old_but_read.pk, 50)


async def _changed(follower: Follower) -> dict[UUID, str]:
    return {each.id: each.state for each in await follower.changes(within_s=LONG_S)}


async def test_what_is_touched_is_looked_at_whatever_its_age(person: Person) -> None:
    old = await unit_of_work(a_row, person.user, created_at=timezone.now() - timedelta(days=1))
    with progress().following(Follower(user_id=person.user.pk)) as follower:
        assert await follower.changes(within_s=0.1) == []
        progress().touch([old.pk])
        assert await _changed(follower) == {old.pk: "ready"}


async def test_a_database_that_is_away_is_asked_again(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    document = await unit_of_work(a_row, person.user)
    failures = iter(range(2))

    def read(**asked: Any) -> Any:  # Any: as of the function
        if next(failures, None) is not None:
            raise OSError
        return progress_read(**asked)

    monkeypatch.setattr(module, "progress_read", read)
    assert await progress().settled([document.pk], within_s=LONG_S)


def test_one_look_is_one_statement(person: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    others = [a_person() for _ in range(5)]
    for each in others:
        a_row(each.user, state=DocumentState.READING)
    with django_assert_num_queries(1):
        found = progress_read(document_ids=[uuid4()], users=[each.user.pk for each in others])
    assert len(found) == 5
    with django_assert_num_queries(0):
        assert progress_read(document_ids=[], users=[]) == {}
