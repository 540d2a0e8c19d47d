"""Search by meaning within Postgres: as exact as outside of it, and there as soon as the extension is."""

from collections.abc import Iterator
from random import Random

import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from apps.documents.models import Document, PassageVector
from apps.documents.retrieval import any_question, pgvector
from apps.documents.retrieval.vectors import QueryVector, ranked_by_meaning, vectors_add
from apps.documents.tests.course import PAGES
from apps.documents.tests.library import Person, a_person, stored

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such extension"),
]
DIMENSION = 16


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """Whether the column is there is asked once in a process."""
    yield
    pgvector.forget()


def vectors(random: Random, count: int) -> list[list[float]]:
    return [[random.gauss(0, 0.25) for _ in range(DIMENSION)] for _ in range(count)]


@pytest.fixture
def document(person: Person) -> Document:
    """With one to three parts of each passage, and the average question of their model."""
    document = stored(person.user, [text for _, text in PAGES])
    random = Random(7)
    rows = [PassageVector(passage=passage, document=document, model="m") for passage in document.passages.all()]
    vectors_add([(row, vectors(random, 1 + at % 3)) for at, row in enumerate(rows)])
    any_question.remember("m", vectors(random, 4))
    return document


def ranking(document: Document, seed: int) -> list[int]:
    (numbers,) = vectors(Random(seed), 1)
    return ranked_by_meaning(document_ids=[document.pk], query=QueryVector("m", numbers))


def test_postgres_ranks_as_the_exact_search_does(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(a_person().user, ["Another student's page."])
    assert pgvector.is_used()
    by_postgres = [ranking(document, seed) for seed in range(20)]
    monkeypatch.setattr(pgvector, "is_used", lambda: False)
    assert by_postgres == [ranking(document, seed) for seed in range(20)]
    assert {len(ids) for ids in by_postgres} == {document.passage_count}


def test_vectors_of_a_time_without_the_extension_are_taken_over(document: Document) -> None:
    before = ranking(document, 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table can be altered whose keys are yet to be checked
        cursor.execute(f"ALTER TABLE {pgvector.TABLE} DROP COLUMN {pgvector.COLUMN}")
    pgvector.forget()
    assert not pgvector.is_used()
    assert ranking(document, 1) == before
    pgvector.prepare()
    assert pgvector.is_used()
    assert ranking(document, 1) == before


def test_a_server_without_the_extension_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> list[str | None]:
        return [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]

    assert "documents.W001" not in said()
    monkeypatch.setattr(pgvector, "AVAILABLE", "SELECT false")
    assert "documents.W001" in said()
