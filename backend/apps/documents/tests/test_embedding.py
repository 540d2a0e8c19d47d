"""Vectors in the background, with a worker that gives each text the same simple vector."""

from collections.abc import Sequence
from typing import Any

import pytest

from apps.core.async_client import Embeddings
from apps.core.errors import Unavailable
from apps.documents.models import Document, PassageVector
from apps.documents.services import embedding
from apps.documents.services.embedding import Embedder
from apps.documents.tests.library import a_person, run
from apps.documents.tests.test_retrieval import COURSE, stored

pytestmark = pytest.mark.django_db(transaction=True)


class FakeWorker:
    """Stands for the worker's client."""

    def __init__(self) -> None:
        self.model: str | None = "small"
        self.batches: list[Sequence[str]] = []
        self.fails_after = 1_000

    async def models(self) -> dict[str, Any]:
        return {"embeddings": {"model": self.model, "dimension": 2} if self.model else None}

    async def embeddings(self, texts: Sequence[str], *, kind: str, timeout_s: float) -> Embeddings:
        assert kind == "passage"
        if len(self.batches) >= self.fails_after:
            raise Unavailable("away")
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


async def counts(document: Document) -> tuple[int, int, str]:
    found = await run(Document.objects.get, pk=document.pk)
    rows = await run(PassageVector.objects.filter(document=document).count)
    return found.vector_count, rows, found.claimed_by


async def test_all_passages_get_their_vector_in_small_batches(worker: FakeWorker) -> None:
    document = await a_document()
    await Embedder().turn()
    assert await counts(document) == (document.passage_count, document.passage_count, "")
    assert max(map(len, worker.batches)) <= embedding.PASSAGES_AT_ONCE
    assert sum(map(len, worker.batches)) == document.passage_count


async def test_a_worker_that_goes_away_costs_no_vector_twice(worker: FakeWorker) -> None:
    document = await a_document()
    worker.fails_after = 1
    with pytest.raises(Unavailable):
        await Embedder().turn()
    assert await counts(document) == (embedding.PASSAGES_AT_ONCE, embedding.PASSAGES_AT_ONCE, "")
    worker.fails_after = 1_000
    await Embedder().turn()
    assert sum(map(len, worker.batches)) == document.passage_count


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
