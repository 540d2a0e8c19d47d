"""Retrieval: what a student would expect of the choice, on whichever database the tests run."""

from itertools import groupby, pairwise

import pytest

from apps.documents.models import Document, DocumentPage, DocumentPassage, PassageVector
from apps.documents.retrieval.library import library_search
from apps.documents.retrieval.retrieve import retrieve
from apps.documents.retrieval.selection import Selection
from apps.documents.retrieval.vectors import QueryVector, vectors_add
from apps.documents.tests.course import COURSE
from apps.documents.tests.library import Person, a_person, stored

pytestmark = pytest.mark.django_db


def asked(documents: list[Document], question: str, *, budget: int, vector: QueryVector | None = None) -> Selection:
    selection = retrieve(documents=documents, question=question, query_vector=vector, budget_tokens=budget)
    for passage in selection.passages:
        page = DocumentPage.objects.get(document=passage.document_id, number=passage.page)
        assert passage.text == page.text[passage.start : passage.end]
    assert sorted(selection.ranks) == list(range(len(selection.passages)))
    return selection


def test_everything_is_taken_when_it_fits(person: Person) -> None:
    document = stored(person.user, COURSE)
    selection = asked([document], "anything", budget=100_000)
    assert selection.total == len(selection.passages) == document.passage_count
    assert (selection.left_out, selection.note) == (0, "")


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Which enzyme catches carbon dioxide in maize?", 10),
        ("Who received a Nobel Prize for the chemiosmotic mechanism?", 7),
        ("What did van Helmont weigh?", 2),
        ("How does abscisic acid act on a stoma?", 3),
        ("de Saussure, Nicolas Theodore", 2),
        ('"P680" OR NEAR(', 6),
        ("What is on page 11?", 11),
        ("summarise p. 5 please", 5),
    ],
)
def test_a_question_finds_its_page(person: Person, question: str, page: int) -> None:
    others = a_person()
    for number in range(3):
        stored(others.user, [*COURSE, f"Number {number}"], filename="other.pdf")
    selection = asked([stored(person.user, COURSE)], question, budget=600)
    assert page in {passage.page for passage in selection.passages}
    assert {passage.filename for passage in selection.passages} == {"course.pdf"}


def test_a_question_about_the_whole_gets_the_beginning_and_parts_of_all(person: Person) -> None:
    document = stored(person.user, [f"Chapter {number}. " + "Some words. " * 60 for number in range(1, 101)])
    selection = asked([document], "Résume les points importants de ce cours", budget=3000)
    pages = [passage.page for passage in selection.passages]
    assert pages[:3] == [1, 2, 3]
    assert max(after - before for before, after in pairwise(pages)) <= 30
    assert "the beginning and parts from all over" in selection.note


def test_each_file_gets_its_share_of_a_question_about_the_whole(person: Person) -> None:
    files = [stored(person.user, [f"{name} " + "Some words. " * 60] * 20, filename=name) for name in ("a.pdf", "b.pdf")]
    selection = asked(files, "summarise these", budget=2500)
    counts = [len(list(group)) for _, group in groupby(selection.passages, key=lambda passage: passage.filename)]
    assert len(counts) == 2
    assert abs(counts[0] - counts[1]) <= 1


def test_what_was_left_out_is_said(person: Person) -> None:
    selection = asked([stored(person.user, COURSE)], "What is Kranz anatomy?", budget=450)
    assert selection.note == (
        "1 of 12 passages of the files fit into this question; they were chosen by what it asks. "
        "Not included: pages 1 to 9 and 11 to 12 of course.pdf."
    )


def test_the_index_follows_what_is_changed_and_deleted(person: Person) -> None:
    document = stored(person.user, COURSE)
    DocumentPassage.objects.filter(document=document, page=3).update(terms="zebra")
    assert [hit.page for hit in library_search(user=person.user, q="zebra", limit=5)] == [3]
    assert not library_search(user=person.user, q="palisade", limit=5)
    DocumentPassage.objects.filter(document=document, page=3).delete()
    assert not library_search(user=person.user, q="zebra", limit=5)


def test_the_library_shows_the_words_that_were_looked_for(person: Person) -> None:
    document = stored(person.user, COURSE)
    stored(a_person().user, COURSE)
    hits = library_search(user=person.user, q="guard cell", limit=3)
    assert hits[0].page == 3
    assert {hit.document_id for hit in hits} == {document.pk}
    assert {hits[0].text[start:end].lower() for start, end in hits[0].marks} >= {"guard", "cells"}
    assert library_search(user=person.user, q="guard", document_id=document.pk, limit=1)


def test_a_question_in_other_words_finds_its_page_by_meaning(person: Person) -> None:
    document = stored(person.user, COURSE)
    vectors_add(
        [
            (
                PassageVector(passage=passage, document=document, model="m"),
                [[0.0, 1.0], [1.0, 0.0] if passage.page == 7 else [0.0, 1.0]],
            )
            for passage in document.passages.all()
        ]
    )
    question = "rotary motor"
    assert 7 in {p.page for p in asked([document], question, budget=450, vector=QueryVector("m", [1, 0])).passages}
    other = asked([document], question, budget=450, vector=QueryVector("another", [1, 0]))
    assert other == asked([document], question, budget=450)
