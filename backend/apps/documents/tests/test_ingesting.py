"""Reading in the background: by one process at a time, to the end, whatever becomes of the processes."""

import asyncio
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import OperationalError

from apps.core.errors import Unavailable
from apps.documents.errors import REFUSALS, refusal
from apps.documents.extraction.results import PageSeen
from apps.documents.models import Document, DocumentPage, DocumentPassage, DocumentState
from apps.documents.passages.version import INDEX_VERSION
from apps.documents.services import batching, ingesting, reading
from apps.documents.services.batching import batches
from apps.documents.services.deleting import document_delete
from apps.documents.services.ingesting import Ingest
from apps.documents.services.leasing import ATTEMPTS_MAX
from apps.documents.tests.library import LONG_S, Person, claimed, pages_of, run, the, until, uploads
from apps.documents.tests.scripted import ScriptedExtraction, page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
ELSEWHERE = "another-host/boot:pid/1/0123456789ab"


@pytest.fixture
def read_as(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScriptedExtraction]:
    def script(pages: int, before: Callable[[int], object] | None = None) -> ScriptedExtraction:
        extraction = ScriptedExtraction(pages, before)
        monkeypatch.setattr("apps.documents.services.reading.extract", extraction)
        return extraction

    return script


async def settled_by(ingest: Ingest, *documents: Document) -> None:
    ingest.start()
    try:
        assert await ingest.settled([document.pk for document in documents], within_s=LONG_S)
    finally:
        await ingest.drain()


async def test_a_document_is_read_to_its_end(person: Person, read_as: Callable[..., ScriptedExtraction]) -> None:
    extraction = read_as(45)
    (document,) = await uploads(person, b"Light is a wave.")
    await settled_by(Ingest(), document)
    ready = await the(document)
    assert (ready.state, ready.kind, ready.page_count, ready.pages_read, ready.language) == (
        "ready",
        "text",
        45,
        45,
        "en",
    )
    assert (ready.passage_count, ready.passage_tokens, ready.notes) == (45, 45 * 12, ["A note."])
    assert (ready.index_version, ready.claimed_by, ready.attempts) == (INDEX_VERSION, "", 0)
    assert ready.character_count == sum(len(page_of(number).text) for number in range(1, 46))
    stored = await pages_of(document)
    assert [row[0] for row in stored] == [*range(1, 46), *range(1, 46)]
    assert extraction.contents == [b"Light is a wave."]
    assert extraction.closed == 1


@pytest.mark.parametrize("reason", sorted(REFUSALS))
async def test_what_cannot_be_read_says_why(
    person: Person, read_as: Callable[..., ScriptedExtraction], reason: str
) -> None:
    error = refusal(reason, filename="light.txt")

    def refuse(number: int) -> None:
        raise error

    read_as(1, refuse)
    (document,) = await uploads(person, b"x")
    await settled_by(Ingest(), document)
    failed = await the(document)
    assert (failed.state, failed.problem) == ("failed", {"code": error.code, "detail": error.message})
    assert failed.claimed_by == ""


async def test_a_file_whose_bytes_are_gone_fails(person: Person, read_as: Callable[..., ScriptedExtraction]) -> None:
    read_as(1)
    (document,) = await uploads(person, b"x")
    await run(Document.objects.update, stored_as="documents/nobody/nothing")
    await settled_by(Ingest(), document)
    assert (await the(document)).problem["code"] == "document_file_missing"  # type: ignore[index]  # of one that failed


async def test_no_more_files_are_read_at_once_than_are_allowed(
    person: Person, read_as: Callable[..., ScriptedExtraction], settings: LazySettings
) -> None:
    settings.EXTRACTION_CONCURRENCY = 2
    two_run = asyncio.Event()
    at_once: list[int] = []

    def wait(number: int) -> asyncio.Event:
        at_once.append(len(extraction.first_pages) - extraction.closed)
        if max(at_once) == 2:
            two_run.set()
        return two_run

    extraction = read_as(1, wait)
    documents = await uploads(person, *(bytes([number]) for number in range(5)))
    await settled_by(Ingest(), *documents)
    assert len(at_once) == 5
    assert max(at_once) == 2
    assert {(await the(document)).state for document in documents} == {"ready"}


async def test_who_takes_over_goes_on_at_the_first_page_that_is_not_stored(
    person: Person, read_as: Callable[..., ScriptedExtraction]
) -> None:
    undisturbed, other = await uploads(person, b"whole"), await uploads(person, b"in two")
    read_as(50)
    await settled_by(Ingest(), *undisturbed, *other)
    whole = await pages_of(undisturbed[0])
    await run(lambda: (DocumentPassage.objects.all().delete(), DocumentPage.objects.all().delete()))
    zeros = {"pages_read": 0, "passage_count": 0, "passage_tokens": 0, "character_count": 0}
    await run(Document.objects.filter(pk=other[0].pk).update, state="waiting", index_version=0, **zeros)

    stopped = asyncio.Event()
    never = asyncio.Event()

    def stop_at_30(number: int) -> asyncio.Event | None:
        if number < 30:
            return None
        stopped.set()
        return never

    read_as(50, stop_at_30)
    first, second = Ingest(), Ingest()
    first.start()
    await stopped.wait()
    await first.drain()  # what it has read but not stored is read again
    stored = await run(DocumentPage.objects.count)
    assert 0 < stored < 30
    released = await the(other[0])
    assert (released.state, released.claimed_by, released.attempts) == ("waiting", "", 0)
    extraction = read_as(50)
    await settled_by(second, other[0])
    assert extraction.first_pages == [stored + 1]
    before = [page_of(number) for number in range(1, stored + 1)]
    assert extraction.seen == [tuple(PageSeen(page.number, "read", "text", len(page.text)) for page in before)]
    assert await pages_of(other[0]) == whole
    ready = await the(other[0])
    assert (ready.pages_read, ready.passage_count, ready.state) == (50, 50, "ready")


async def test_a_deleted_document_ends_its_reading(
    person: Person, read_as: Callable[..., ScriptedExtraction], settings: LazySettings
) -> None:
    settings.GENERATION_LEASE_SECONDS = 0.4
    reached, never = asyncio.Event(), asyncio.Event()

    def wait(number: int) -> asyncio.Event | None:
        if number == 1:
            return None
        reached.set()
        return never

    extraction = read_as(2, wait)
    (document,) = await uploads(person, b"x")
    ingest = Ingest()
    ingest.start()
    await reached.wait()
    await document_delete(caller=person.caller, document_id=document.pk)
    await until(lambda: extraction.closed)
    await ingest.drain()
    assert await run(DocumentPage.objects.count) == 0


async def test_a_slow_page_does_not_cost_the_claim(
    person: Person, read_as: Callable[..., ScriptedExtraction], settings: LazySettings
) -> None:
    settings.GENERATION_LEASE_SECONDS = 1
    slow = asyncio.Event()
    read_as(2, lambda number: slow if number == 2 else None)
    (document,) = await uploads(person, b"x")
    ingest = Ingest()
    ingest.start()
    mine = Document.objects.filter(pk=document.pk)
    await until(mine.filter(pages_read=1).exists)
    first = await the(document)
    assert first.claimed_until
    await until(mine.filter(claimed_until__gt=first.claimed_until + timedelta(seconds=1)).exists)  # longer than a term
    assert await claimed(ELSEWHERE) == []
    slow.set()
    assert await ingest.settled([document.pk], within_s=LONG_S)
    await ingest.drain()


async def test_a_database_that_is_away_costs_nothing_but_time(
    person: Person, read_as: Callable[..., ScriptedExtraction], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter(range(5))

    def away(function: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*args: Any, **kwargs: Any) -> Any:
            if next(failures, None) is not None:
                raise OperationalError("away")
            return function(*args, **kwargs)

        return tried

    for name in ("pages_store", "reading_begin", "reading_finish"):
        monkeypatch.setattr(reading, name, away(getattr(reading, name)))
    monkeypatch.setattr("apps.documents.services.patience.FIRST_PAUSE_SECONDS", 0.01)
    read_as(3)
    (document,) = await uploads(person, b"x")
    await settled_by(Ingest(), document)
    assert (await the(document)).pages_read == 3


async def test_a_storage_that_is_away_is_waited_for(
    person: Person, read_as: Callable[..., ScriptedExtraction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(ingesting, "IDLE_SECONDS", 0.05)
    away = iter([True, True, False, False])

    def refuse_twice(number: int) -> None:
        if next(away):
            raise Unavailable("away", code="storage_unavailable")

    read_as(1, refuse_twice)
    (document,) = await uploads(person, b"x")
    await settled_by(Ingest(), document)
    ready = await the(document)
    assert (ready.state, ready.attempts) == ("ready", 0)


async def test_what_nobody_expects_is_tried_a_few_times(
    person: Person, read_as: Callable[..., ScriptedExtraction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(ingesting, "IDLE_SECONDS", 0.01)

    def break_(number: int) -> None:
        raise RuntimeError("a fault of ours")

    extraction = read_as(1, break_)
    (document,) = await uploads(person, b"x")
    await settled_by(Ingest(), document)
    assert (await the(document)).state == "failed"
    assert extraction.closed == ATTEMPTS_MAX


async def test_settled_waits_for_what_others_read(person: Person) -> None:
    ingest = Ingest()
    first, second = await uploads(person, b"1", b"2")
    assert not await ingest.settled([first.pk, second.pk], within_s=0.01)
    waiting = asyncio.create_task(ingest.settled([first.pk, second.pk, uuid4()], within_s=LONG_S))
    await run(Document.objects.filter(pk=first.pk).update, state=DocumentState.READY)
    await run(Document.objects.filter(pk=second.pk).update, state=DocumentState.FAILED)
    assert await waiting


async def test_batches_hold_no_page_back_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "LONGEST_SECONDS", 0.01)
    slow = asyncio.Event()
    extraction = ScriptedExtraction(43, lambda number: slow if number == 43 else None)
    events = extraction(filename="", media_type="", content=io.BytesIO())
    sizes: list[int] = []
    gathered = batches(events)
    async for batch in gathered:
        sizes.append(len(batch.pages))
        if sum(sizes) == 42:  # the last but one is not kept waiting for the last
            slow.set()
    assert (sizes[0], max(sizes), sum(sizes)) == (1, 20, 43)
    assert batch.ended is not None
    await events.aclose()
