"""Vectors in the background, with a worker that gives each text the same simple vector."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from apps.core.async_client import Embeddings
from apps.core.errors import Unavailable
from apps.documents.models import Document, DocumentPassage, PassageVector
from apps.documents.passages.parts import parts_of
from apps.documents.retrieval import any_question
from apps.documents.services import embedding
from apps.documents.services.deleting import document_rows_delete
from apps.documents.services.embedding import Embedder
from apps.documents.tests.course import COURSE
from apps.documents.tests.library import a_person, run, stored, until

pytestmark = pytest.mark.django_db(transaction=True)


class FakeWorker:
    """Stands for the worker's client."""

    def __init__(self) -> None:
        self.model: str | None = "small"
        self.batches: list[Sequence[str]] = []
        self.fails_after = 1_000
        self.texts_max = 1_000  # more are not made in time
        self.questions = 0
        self.waits: Callable[[], Awaitable[object]] | None = None

    async def models(self) -> dict[str, Any]:
        return {"embeddings": {"model": self.model, "dimension": 2} if self.model else None}

    async def embeddings(self, texts: Sequence[str], *, kind: str, timeout_s: float) -> Embeddings:
        if kind == "query":
            self.questions += len(texts)
            return Embeddings(model=str(self.model), dimension=2, vectors=[[0.6, 0.8] for _ in texts])
        if len(self.batches) >= self.fails_after or len(texts) > self.texts_max:
            raise Unavailable("away")
        if self.waits:
            await self.waits()
        self.batches.append(texts)
        return Embeddings(model=str(self.model), dimension=2, vectors=[[1.0, 0.0] for _ in texts])


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> FakeWorker:
    fake = FakeWorker()
    monkeypatch.setattr(embedding, "worker", lambda: fake)
    return fake


async def a_document() -> Document:
    document: Document = await run(lambda: stored(a_person().user, COURSE))
    await run(Document.objects.filter(pk=document.pk).update, index_version=1)
    return document


def text_of(passage: DocumentPassage) -> str:
    return COURSE[passage.page - 1][passage.start : passage.end]


def parts_count(document: Document) -> int:
    return sum(len(parts_of(text_of(passage))) for passage in document.passages.all())


async def counts(document: Document) -> tuple[int, int, str]:
    found = await run(Document.objects.get, pk=document.pk)
    rows = await run(PassageVector.objects.filter(document=document).count)
    return found.vector_count, rows, found.claimed_by


async def test_all_passages_get_their_vector_in_small_batches(worker: FakeWorker) -> None:
    document = await a_document()
    await Embedder().turn()
    assert await counts(document) == (document.passage_count, document.passage_count, "")
    assert max(map(len, worker.batches)) <= 64
    assert sum(map(len, worker.batches)) == await run(parts_count, document)
    for row in await run(list, PassageVector.objects.select_related("passage")):
        assert len(row.vector) == 2 * 2 * len(parts_of(text_of(row.passage)))


async def test_a_worker_that_goes_away_costs_no_vector_twice(worker: FakeWorker) -> None:
    document = await a_document()
    worker.fails_after = 1
    with pytest.raises(Unavailable):
        await Embedder().turn()
    assert await counts(document) == (embedding.PASSAGES_AT_ONCE, embedding.PASSAGES_AT_ONCE, "")
    worker.fails_after = 1_000
    await Embedder().turn()
    assert sum(map(len, worker.batches)) == await run(parts_count, document)


async def test_a_model_too_slow_for_a_whole_batch_is_asked_for_less(worker: FakeWorker) -> None:
    document = await a_document()
    worker.texts_max = max(len(parts_of(text_of(passage))) for passage in await run(list, document.passages.all()))
    embedder, failures = Embedder(), 0
    while (await counts(document))[1] < document.passage_count:
        try:
            await embedder.turn()
        except Unavailable:
            failures += 1
        assert failures < 100
    assert failures
    assert sum(map(len, worker.batches)) == await run(parts_count, document)


async def test_a_slow_batch_does_not_cost_the_claim(worker: FakeWorker, settings: LazySettings) -> None:
    document = await a_document()
    settings.GENERATION_LEASE_SECONDS = 0.4
    terms: list[Any] = []

    def until_when() -> bool:
        terms.append(Document.objects.get(pk=document.pk).claimed_until)
        return len(set(terms)) > 3

    worker.waits = lambda: until(until_when)
    await Embedder().turn()
    assert await counts(document) == (document.passage_count, document.passage_count, "")


async def test_no_more_is_asked_for_a_document_that_is_deleted_meanwhile(
    worker: FakeWorker, settings: LazySettings
) -> None:
    document = await a_document()
    settings.GENERATION_LEASE_SECONDS = 0.4

    async def deleted_and_never_made() -> None:
        await run(transaction.atomic(document_rows_delete), document)
        await asyncio.Event().wait()

    worker.waits = deleted_and_never_made
    await Embedder().turn()
    assert len(worker.batches) == 0


async def test_what_questions_have_in_common_is_learnt_once_for_each_model(worker: FakeWorker) -> None:
    await Embedder().turn()
    await Embedder().turn()
    assert worker.questions == len(any_question.QUESTIONS)
    assert await run(any_question.particular, "small", [0.6, 0.8]) == pytest.approx([0.15, 0.2])
    worker.model = "other"
    assert await run(any_question.particular, "other", [0.6, 0.8]) == [0.6, 0.8]
    await Embedder().turn()
    assert worker.questions == 2 * len(any_question.QUESTIONS)


async def test_another_model_makes_them_anew(worker: FakeWorker) -> None:
    document = await a_document()
    await Embedder().turn()
    worker.model = "other"
    await Embedder().turn()
    assert await counts(document) == (document.passage_count, document.passage_count, "")
    assert not await run(PassageVector.objects.exclude(model="other").exists)


async def test_without_a_model_nothing_is_asked(worker: FakeWorker) -> None:
    document = await a_document()
    worker.model = None
    await Embedder().turn()
    assert await counts(document) == (0, 0, "")
    assert not worker.batches
