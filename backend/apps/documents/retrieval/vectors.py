"""Passages by their meaning: those whose vectors are nearest to the question's. Exact, within some documents.

Vectors come in batches, so that the memory this takes does not grow with the documents. numpy is loaded when first
needed, since most processes start without a question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.documents.models import PassageVector

ROWS_AT_ONCE = 2_000
DOCUMENTS_AT_ONCE = 500  # parameters of a statement
NEAREST = 100  # passages; further ones say nothing
NUMBER_FORMAT = "<f2"  # little-endian float16, as stored


@dataclass(frozen=True)
class QueryVector:
    """A unit vector of the question, by the model of this name: vectors of two models cannot be compared."""

    model: str
    numbers: Sequence[float]


def vector_bytes(numbers: Sequence[float]) -> bytes:
    """As it is stored."""
    import numpy as np  # noqa: PLC0415  see above

    return np.asarray(numbers, dtype=NUMBER_FORMAT).tobytes()


def ranked_by_meaning(*, document_ids: Sequence[UUID], query: QueryVector) -> list[int]:
    """Ids of the NEAREST passages, best first; those without a vector of the query's model are not among them."""
    import numpy as np  # noqa: PLC0415  see above

    wanted = np.asarray(query.numbers, dtype="f4")
    best: list[tuple[float, int]] = []
    for rows in _batches(document_ids, query.model):
        same = [(pk, data) for pk, data in rows if len(data) == 2 * len(wanted)]
        if not same:
            continue
        matrix = np.frombuffer(b"".join(bytes(data) for _, data in same), dtype=NUMBER_FORMAT)
        nearness = matrix.reshape(len(same), len(wanted)).astype("f4") @ wanted
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
