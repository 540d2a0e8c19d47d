"""Passages by their words: the index of the database says which have a term, BM25 which of them come first.

Both databases only answer which passages of some documents have a term; weights are of these documents alone, so that
a ranking depends neither on the database nor on what other users have.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log
from uuid import UUID

from django.db import connection

from apps.documents.models import DocumentPassage

DOCUMENTS_AT_ONCE = 100  # FTS5 bounds the size of an expression
RERANKED = 300  # passages whose terms are read, to count them
SATURATION, LENGTH_WEIGHT = 1.2, 0.75  # k1 and b of BM25

SQLITE_HITS = "SELECT {n}, rowid FROM documents_passage_index WHERE documents_passage_index MATCH %s"
POSTGRES_HITS = "SELECT {n}, id FROM documents_documentpassage WHERE search @@ %s::tsquery"


def ranked_by_words(*, document_ids: Sequence[UUID], passage_count: int, terms: Sequence[str]) -> list[int]:
    """Ids of the passages that have any of the terms, best first. `passage_count` is of all these documents."""
    found = _hits(document_ids, terms)
    weights = {term: log(1 + (passage_count - len(ids) + 0.5) / (len(ids) + 0.5)) for term, ids in found.items()}
    scores: dict[int, float] = defaultdict(float)
    for term, ids in found.items():
        for pk in ids:
            scores[pk] += weights[term]
    order = sorted(scores, key=lambda pk: (-scores[pk], pk))
    return [*_reranked(order[:RERANKED], weights), *order[RERANKED:]]


def _reranked(ids: Sequence[int], weights: Mapping[str, float]) -> list[int]:
    """The same passages in the order of BM25, which counts how often each has a term."""
    rows = DocumentPassage.objects.filter(pk__in=ids).values_list("pk", "terms")
    counted = {pk: Counter(terms.split()) for pk, terms in rows}
    lengths = {pk: counts.total() for pk, counts in counted.items()}
    average = sum(lengths.values()) / max(1, len(lengths))

    def score(pk: int) -> float:
        norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths[pk] / average)
        counts = counted[pk]
        return sum(w * counts[term] * (SATURATION + 1) / (counts[term] + norm) for term, w in weights.items())

    scores = {pk: score(pk) for pk in counted}
    return sorted(scores, key=lambda pk: (-scores[pk], pk))


def _hits(document_ids: Sequence[UUID], terms: Sequence[str]) -> dict[str, set[int]]:
    """For each term the ids of the passages that have it; terms that none has are left out."""
    found: dict[str, set[int]] = defaultdict(set)
    if not terms:
        return found
    for start in range(0, len(document_ids), DOCUMENTS_AT_ONCE):
        for n, pk in _rows(document_ids[start : start + DOCUMENTS_AT_ONCE], terms):
            found[terms[n]].add(pk)
    return found


def _rows(document_ids: Sequence[UUID], terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    is_postgres = connection.vendor == "postgresql"
    statement = POSTGRES_HITS if is_postgres else SQLITE_HITS
    sql = " UNION ALL ".join(statement.format(n=n) for n in range(len(terms)))
    query = _postgres_query if is_postgres else _sqlite_query
    with connection.cursor() as cursor:
        cursor.execute(sql, [query(document_ids, term) for term in terms])
        yield from cursor.fetchall()


def _sqlite_query(document_ids: Sequence[UUID], term: str) -> str:
    documents = " OR ".join(f'"{pk.hex}"' for pk in document_ids)
    return f'document_id : ({documents}) AND terms : "{term}"'


def _postgres_query(document_ids: Sequence[UUID], term: str) -> str:
    documents = " | ".join(f"'/{pk}'" for pk in document_ids)
    return f"({documents}) & '{term}'"
