"""Passages by their meaning: those whose vectors are nearest to the question's. Exact, within some documents.

Postgres searches by itself where it has pgvector; else vectors come in batches, so that the memory this takes does not
grow with the documents. numpy is loaded when first needed, since most processes start without a question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from apps.documents.models import PassageVector
from apps.documents.retrieval import pgvector
from apps.documents.retrieval.any_question import particular

ROWS_AT_ONCE = 2_000
DOCUMENTS_AT_ONCE = 500  # parameters of a statement
NEAREST = 100  # passages; further ones say nothing
NUMBER_FORMAT = "<f2"  # little-endian float16, as stored


@dataclass(frozen=True)
class QueryVector:
    """A unit vector of the question, by the model of this name: vectors of two models cannot be compared."""

    model: str
    numbers: Sequence[float]


Numbers: TypeAlias = Sequence[float]


def vector_bytes(parts: Sequence[Numbers]) -> bytes:
    """As they are stored."""
    import numpy as np  # noqa: PLC0415  see above

    return np.asarray(parts, dtype=NUMBER_FORMAT).tobytes()


def vectors_add(rows: Sequence[tuple[PassageVector, Sequence[Numbers]]]) -> None:
    """Store new vectors; each row gets its bytes here, from the vectors of its parts."""
    for row, parts in rows:
        row.vector = vector_bytes(parts)
    PassageVector.objects.bulk_create(row for row, _ in rows)
    if pgvector.is_used():
        pgvector.fill((row.passage_id, parts) for row, parts in rows)


def ranked_by_meaning(*, document_ids: Sequence[UUID], query: QueryVector) -> list[int]:
    """Ids of the NEAREST passages, best first, each as near as its nearest part.

    Those without a vector of the query's model are not among them.
    """
    numbers = particular(query.model, query.numbers)
    if pgvector.is_used():
        return pgvector.nearest(document_ids=document_ids, model=query.model, numbers=numbers, limit=NEAREST)
    return _nearest(document_ids, query.model, numbers)


def _nearest(document_ids: Sequence[UUID], model: str, numbers: Numbers) -> list[int]:
    import numpy as np  # noqa: PLC0415  see above

    wanted = np.asarray(numbers, dtype="f4")
    part_bytes = 2 * len(wanted)
    best: list[tuple[float, int]] = []
    for rows in _batches(document_ids, model):
        same = [(pk, bytes(data)) for pk, data in rows if data and len(data) % part_bytes == 0]
        if not same:
            continue
        matrix = np.frombuffer(b"".join(data for _, data in same), dtype=NUMBER_FORMAT).reshape(-1, len(wanted))
        firsts = np.cumsum([0, *(len(data) // part_bytes for _, data in same[:-1])])
        nearness = np.maximum.reduceat(matrix.astype("f4") @ wanted, firsts)
        best += [(-float(near), pk) for near, (pk, _) in zip(nearness, same, strict=True)]
        best = sorted(best)[:NEAREST]
    return [pk for _, pk in best]


def _batches(document_ids: Sequence[UUID], model: str) -> Iterator[list[tuple[int, "bytes | memoryview[int]"]]]:
    for start in range(0, len(document_ids), DOCUMENTS_AT_ONCE):
        some = document_ids[start : start + DOCUMENTS_AT_ONCE]
        rows = PassageVector.objects.filter(document__in=some, model=model).order_by("pk").values_list("pk", "vector")
        after = 0
        while page := list(rows.filter(pk__gt=after)[:ROWS_AT_ONCE]):
            yield page
            after = page[-1][0]
