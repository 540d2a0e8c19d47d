"""Making the vectors of passages in the background: one document at a time in each process, a few passages at once.

A document is found by its words meanwhile. While the worker or its model is away, nothing is asked of it for a while.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction

from apps.core.async_client import Embeddings, worker
from apps.core.errors import ApiError
from apps.core.ownership import new_owner
from apps.core.units_of_work import DATABASE_AWAY, pulse_unit_of_work, unit_of_work
from apps.documents.models import Document, DocumentPassage, PassageVector
from apps.documents.passages.parts import parts_of
from apps.documents.retrieval import any_question
from apps.documents.retrieval.retrieve import passages_by_id
from apps.documents.retrieval.vectors import vectors_add
from apps.documents.services.leasing import Claim, claims_release, claims_renew, hold, without_vectors_claim
from apps.documents.services.progress import progress

log = logging.getLogger("lamla.ingest")
# Some seconds of one thread; fewer where those take longer. The worker takes 64 texts at once: PARTS_MAX of each.
PASSAGES_AT_ONCE = 8
SLOW_SECONDS = 10.0
TEXT_MAX_CHARS = 8_000  # that the worker takes
TIMEOUT_SECONDS = 60.0
BREATH_SECONDS = 0.05  # between two batches, so that answers which stream get at processor and database first
NO_TEXT = "-"  # the worker takes no empty one
LOOK_SECONDS = 5.0  # between two looks for documents without vectors
AWAY_SECONDS = 30.0  # until a worker without a model is asked again
HAND_OVER_SECONDS = 1.0
RENEWALS_PER_LEASE = 4


@dataclass(frozen=True)
class Batch:
    """Passages without a vector, and the texts of the parts of each."""

    ids: Sequence[int]
    parts: Sequence[Sequence[str]]

    @property
    def texts(self) -> list[str]:
        return [text for parts in self.parts for text in parts]


class Embedder:
    """The background work of a process; `start` when its application does, `drain` before it ends."""

    def __init__(self) -> None:
        self.owner = new_owner()
        self._loop: asyncio.Task[None] | None = None
        self._model = ""  # of the last turn
        self._at_once = PASSAGES_AT_ONCE

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
        if model != self._model:  # all vectors are looked at, so not at each turn
            await unit_of_work(vectors_of_others_delete, model)
            self._model = model
        await self._any_question(model)
        while claim := await unit_of_work(without_vectors_claim, owner=self.owner):
            try:
                await self._document(claim)
            finally:
                await asyncio.shield(unit_of_work(claims_release, [claim]))

    async def _any_question(self, model: str) -> None:
        """Learn once what all questions have in common to the model."""
        if await unit_of_work(any_question.is_known, model):
            return
        vectors: list[list[float]] = []
        for start in range(0, len(any_question.QUESTIONS), PASSAGES_AT_ONCE):
            texts = any_question.QUESTIONS[start : start + PASSAGES_AT_ONCE]
            vectors += (await worker().embeddings(texts, kind="query", timeout_s=TIMEOUT_SECONDS)).vectors
        await unit_of_work(any_question.remember, model, vectors)

    async def _document(self, claim: Claim) -> None:
        while batch := await unit_of_work(batch_next, claim, self._at_once):
            made = await self._made(claim, batch.texts)
            if made is None or not await unit_of_work(vectors_store, claim, batch, made):
                return
            progress().touch([claim.document_id])
            await asyncio.sleep(BREATH_SECONDS)

    async def _made(self, claim: Claim, texts: Sequence[str]) -> Embeddings | None:
        """The vectors of these; None when the claim is gone meanwhile. Raises: ApiError.

        Of a model that is slow, fewer are asked for the next time: what is never made in time would be asked for ever.
        """
        now = asyncio.get_running_loop().time
        began = now()
        asking = asyncio.ensure_future(worker().embeddings(texts, kind="passage", timeout_s=TIMEOUT_SECONDS))
        try:
            while not (await asyncio.wait({asking}, timeout=settings.GENERATION_LEASE_SECONDS / RENEWALS_PER_LEASE))[0]:
                if not await self._renewed(claim):
                    return None
            made = asking.result()
        except ApiError:
            self._at_once = max(1, self._at_once // 2)
            raise
        finally:
            asking.cancel()
        took_s = now() - began
        if took_s > SLOW_SECONDS:
            self._at_once = max(1, self._at_once // 2)
        elif took_s < SLOW_SECONDS / 4:
            self._at_once = min(PASSAGES_AT_ONCE, self._at_once * 2)
        return made

    async def _renewed(self, claim: Claim) -> bool:
        """Whether the claim still holds, as far as that can be told. A slow model must not cost it."""
        try:
            return bool(await pulse_unit_of_work(claims_renew, {claim}))
        except DATABASE_AWAY:
            return True


@transaction.atomic
def vectors_of_others_delete(model: str) -> None:
    """Have the vectors of documents be made anew which another model has made: the two cannot be compared."""
    others = PassageVector.objects.exclude(model=model)
    Document.objects.filter(pk__in=others.values("document")).update(vector_count=0)
    others.delete()


@transaction.atomic
def batch_next(claim: Claim, at_once: int) -> Batch | None:
    """Up to `at_once` passages; None when the claim is gone, or nothing is left to do."""
    document = hold(claim)
    if document is None:
        return None
    left = DocumentPassage.objects.filter(document=document, vector=None).order_by("number")
    ids = list(left.values_list("pk", flat=True)[:at_once])
    if not ids:
        Document.objects.filter(pk=document.pk).update(vector_count=document.passage_count)
        return None
    passages = passages_by_id([document], ids)
    return Batch(ids, [texts_of(passages[pk].text) if pk in passages else [NO_TEXT] for pk in ids])


def texts_of(passage: str) -> list[str]:
    """What the worker is asked for the vectors of."""
    return [part[:TEXT_MAX_CHARS] or NO_TEXT for part in parts_of(passage)]


@transaction.atomic
def vectors_store(claim: Claim, batch: Batch, made: Embeddings) -> bool:
    """Whether the claim still holds; nothing is written otherwise."""
    document = hold(claim)
    if document is None:
        return False
    there = set(DocumentPassage.objects.filter(pk__in=batch.ids, vector=None).values_list("pk", flat=True))
    vectors = iter(made.vectors)
    of_parts = [list(islice(vectors, len(parts))) for parts in batch.parts]
    rows = [
        (PassageVector(passage_id=pk, document=document, model=made.model), parts)
        for pk, parts in zip(batch.ids, of_parts, strict=True)
        if pk in there
    ]
    vectors_add(rows)
    Document.objects.filter(pk=document.pk).update(vector_count=document.vector_count + len(rows))
    return True


_embedder: Embedder | None = None


def embedder() -> Embedder:
    """The embedder of this process."""
    global _embedder
    if _embedder is None:
        _embedder = Embedder()
    return _embedder
