"""Making the vectors of passages in the background: one document at a time in each process, a few passages at once.

A document is found by its words meanwhile. While the worker or its model is away, nothing is asked of it for a while.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from apps.core.async_client import Embeddings, worker
from apps.core.errors import ApiError
from apps.core.ownership import new_owner
from apps.core.units_of_work import DATABASE_AWAY, unit_of_work
from apps.documents.models import Document, DocumentPassage, PassageVector
from apps.documents.retrieval.retrieve import passages_by_id
from apps.documents.retrieval.vectors import vector_bytes
from apps.documents.services.leasing import Claim, claims_release, hold, without_vectors_claim
from apps.documents.services.progress import progress

log = logging.getLogger("lamla.ingest")
PASSAGES_AT_ONCE = 8  # some seconds of one thread; a claim lives longer
PASSAGE_MAX_CHARS = 8_000  # that the worker takes
TIMEOUT_SECONDS = 60.0
BREATH_SECONDS = 0.05  # between two batches, so that answers which stream get at processor and database first
LOOK_SECONDS = 5.0  # between two looks for documents without vectors
AWAY_SECONDS = 30.0  # until a worker without a model is asked again
HAND_OVER_SECONDS = 1.0


@dataclass(frozen=True)
class Batch:
    """Passages without a vector, and their texts."""

    ids: Sequence[int]
    texts: Sequence[str]


class Embedder:
    """The background work of a process; `start` when its application does, `drain` before it ends."""

    def __init__(self) -> None:
        self.owner = new_owner()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop().create_task(self._run(), name="embedder")

    async def drain(self) -> None:
        """Stop; others go on with the document at once, or when its claim runs out."""
        if self._loop is None:
            return
        self._loop.cancel()
        await asyncio.wait({self._loop}, timeout=HAND_OVER_SECONDS)

    async def _run(self) -> None:
        while True:
            pause_s = LOOK_SECONDS
            try:
                await self.turn()
            except DATABASE_AWAY:
                pass  # that is what is waited out
            except ApiError:
                pause_s = AWAY_SECONDS
            except Exception as error:  # the edge of a task that nobody awaits; a text must not get into the log
                log.error("the embedder has missed a turn: %s", type(error).__name__)
                pause_s = AWAY_SECONDS
            await asyncio.sleep(pause_s)

    async def turn(self) -> None:
        """Make all vectors that are missing. Raises: ApiError while none can be made, DatabaseError."""
        model = ((await worker().models()).get("embeddings") or {}).get("model")
        if not model:
            return
        await unit_of_work(vectors_of_others_delete, model)
        while claim := await unit_of_work(without_vectors_claim, owner=self.owner):
            try:
                await self._document(claim)
            finally:
                await asyncio.shield(unit_of_work(claims_release, [claim]))

    async def _document(self, claim: Claim) -> None:
        while batch := await unit_of_work(batch_next, claim):
            made = await worker().embeddings(batch.texts, kind="passage", timeout_s=TIMEOUT_SECONDS)
            if not await unit_of_work(vectors_store, claim, batch, made):
                return
            progress().touch([claim.document_id])
            await asyncio.sleep(BREATH_SECONDS)


@transaction.atomic
def vectors_of_others_delete(model: str) -> None:
    """Have the vectors of documents be made anew which another model has made: the two cannot be compared."""
    others = PassageVector.objects.exclude(model=model)
    Document.objects.filter(pk__in=others.values("document")).update(vector_count=0)
    others.delete()


@transaction.atomic
def batch_next(claim: Claim) -> Batch | None:
    """None when the claim is gone, or nothing is left to do."""
    document = hold(claim)
    if document is None:
        return None
    left = DocumentPassage.objects.filter(document=document, vector=None).order_by("number")
    ids = list(left.values_list("pk", flat=True)[:PASSAGES_AT_ONCE])
    if not ids:
        Document.objects.filter(pk=document.pk).update(vector_count=document.passage_count)
        return None
    passages = passages_by_id([document], ids)
    # The worker takes no empty text.
    texts = [passages[pk].text[:PASSAGE_MAX_CHARS] if pk in passages else "-" for pk in ids]
    return Batch(ids, texts)


@transaction.atomic
def vectors_store(claim: Claim, batch: Batch, made: Embeddings) -> bool:
    """Whether the claim still holds; nothing is written otherwise."""
    document = hold(claim)
    if document is None:
        return False
    there = set(DocumentPassage.objects.filter(pk__in=batch.ids, vector=None).values_list("pk", flat=True))
    rows = [
        PassageVector(passage_id=pk, document=document, model=made.model, vector=vector_bytes(numbers))
        for pk, numbers in zip(batch.ids, made.vectors, strict=True)
        if pk in there
    ]
    PassageVector.objects.bulk_create(rows)
    Document.objects.filter(pk=document.pk).update(vector_count=document.vector_count + len(rows))
    return True


_embedder: Embedder | None = None


def embedder() -> Embedder:
    """The embedder of this process."""
    global _embedder
    if _embedder is None:
        _embedder = Embedder()
    return _embedder
