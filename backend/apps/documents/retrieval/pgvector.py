"""The nearest vectors by Postgres itself, where its extension `vector` is there: a search then moves no vectors.

The column that it searches stands beside the bytes that every database has, outside of Django's models: it can only be
made where the extension is. `migrate` makes it as soon as that is so.
"""

import logging
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  Django's name
from django.db import DatabaseError, connection, connections, transaction

from apps.documents.models import AverageQuestion, PassageVector

log = logging.getLogger("lamla.retrieval")
TABLE, COLUMN = "documents_passagevector", "halves"
AVAILABLE = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector')"
HAS_COLUMN = (
    "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema() "  # noqa: S608  names of ours
    f"AND table_name = '{TABLE}' AND column_name = '{COLUMN}')"
)
FILL = f"UPDATE {TABLE} SET {COLUMN} = %s::halfvec[] WHERE passage_id = %s"  # noqa: S608  names of ours
NEAREST = (
    f"SELECT passage_id FROM {TABLE}, LATERAL (SELECT min(part <#> %s::halfvec) AS distance "  # noqa: S608  the same
    f"FROM unnest({COLUMN}) AS part) AS nearest "
    f"WHERE document_id = ANY(%s) AND model = %s AND vector_dims({COLUMN}[1]) = %s "
    "ORDER BY distance, passage_id LIMIT %s"
)
ROWS_AT_ONCE = 500


def is_used() -> bool:
    """Whether this database searches vectors itself."""
    return connection.vendor == "postgresql" and _has_column(str(connection.settings_dict["NAME"]))


@cache
def _has_column(_database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HAS_COLUMN)
        return bool(cursor.fetchone()[0])


def forget() -> None:
    """Ask anew whether the column is there."""
    _has_column.cache_clear()


def fill(rows: Iterable[tuple[int, Sequence[Sequence[float]]]]) -> None:
    """Make passages findable, by their ids, whose vectors are stored: those of their parts. Raises: DatabaseError."""
    with connection.cursor() as cursor:
        cursor.executemany(FILL, [([_text(numbers) for numbers in parts], pk) for pk, parts in rows])


def nearest(*, document_ids: Sequence[UUID], model: str, numbers: Sequence[float], limit: int) -> list[int]:
    """Ids of the passages that have the vectors of the greatest inner product with `numbers`, best first."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [_text(numbers), list(document_ids), model, len(numbers), limit])
        return [pk for (pk,) in cursor.fetchall()]


def _text(numbers: Sequence[float]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def prepare(**_signal: Any) -> None:
    """After migrations: make the column where it can be made and is not there, with what is stored. Any: Django's."""
    if connection.vendor != "postgresql" or not _answer(AVAILABLE) or _answer(HAS_COLUMN):
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
            cursor.execute(f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} halfvec[]")
            _fill_all()
    except DatabaseError as error:  # it may be there for a superuser alone
        log.warning("Postgres does not let us use its extension vector: %s", type(error).__name__)
    forget()


def _answer(question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return bool(cursor.fetchone()[0])


def _fill_all() -> None:
    """From the bytes that are stored. How long a model's vectors are is known from its average question."""
    import numpy as np  # noqa: PLC0415  most processes start without it

    for model, numbers in AverageQuestion.objects.values_list("model", "numbers"):
        rows = PassageVector.objects.filter(model=model).values_list("pk", "vector")
        after = 0
        while some := list(rows.filter(pk__gt=after).order_by("pk")[:ROWS_AT_ONCE]):
            parts = [np.frombuffer(bytes(data), dtype="<f2").reshape(-1, len(numbers)).tolist() for _, data in some]
            fill(zip((pk for pk, _ in some), parts, strict=True))
            after = some[-1][0]


@register(Tags.database)
def check_vectors(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Said by `migrate`, and so at every start. Any: Django's."""
    for alias in databases or ():
        if connections[alias].vendor == "postgresql" and not _answer(AVAILABLE):
            return [
                Warning(
                    "Postgres has no extension vector (pgvector): each search by meaning reads all vectors.",
                    hint="Install pgvector on the database's server and run migrate once more.",
                    id="documents.W001",
                )
            ]
    return []
