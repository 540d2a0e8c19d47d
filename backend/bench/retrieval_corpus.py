"""Real documents in the database, as the product reads and stores them, with the vectors of their passages."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.test.utils import get_runner

from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState, PassageVector
from apps.documents.retrieval.retrieve import passages_by_id
from apps.documents.retrieval.vectors import vectors_add
from apps.documents.services.embedding import texts_of
from apps.documents.services.leasing import waiting_claim
from apps.documents.services.reading import document_read
from apps.documents.services.storing import document_add
from apps.documents.tests.library import Person
from bench.retrieval_vectors import Vectors
from embedding_model.settings import BUNDLED_MODEL

FILES = Path(__file__).resolve().parent.parent / "tests" / "files"


@contextmanager
def throw_away_database() -> Iterator[None]:
    """An empty one of the present schema, of the kind that DATABASE_URL names; SQLite in memory by default."""
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)


def documents_read(person: Person, names: Sequence[str]) -> list[Document]:
    """Add these of FILES to a library and read them to their end, in this order. Raises: RuntimeError."""
    asyncio.run(_read(person.caller, names))
    documents = {document.filename: document for document in Document.objects.filter(user=person.user)}
    if wrong := [name for name in names if documents[name].state != DocumentState.READY]:
        raise RuntimeError(f"could not be read: {', '.join(wrong)}")
    return [documents[name] for name in names]


async def _read(caller: Caller, names: Sequence[str]) -> None:
    for name in names:
        with (FILES / name).open("rb") as content:
            await document_add(caller=caller, filename=name, media_type="", content=content)
    for claim in await unit_of_work(waiting_claim, owner="bench", room=len(names)):
        await document_read(claim)


def vectors_make(documents: Sequence[Document], vectors: Vectors) -> None:
    """Give each passage the vectors that the gateway's embedder would give it."""
    for document in documents:
        texts = {pk: texts_of(passage.text) for pk, passage in passages_by_id([document], None).items()}
        numbers = iter(vectors.of([text for parts in texts.values() for text in parts], "passage"))
        rows = [PassageVector(passage_id=pk, document=document, model=BUNDLED_MODEL) for pk in texts]
        of_parts = [list(islice(numbers, len(parts))) for parts in texts.values()]
        vectors_add(list(zip(rows, of_parts, strict=True)))
        Document.objects.filter(pk=document.pk).update(vector_count=len(texts))
