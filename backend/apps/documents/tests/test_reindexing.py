"""Documents whose pages are stored, but not cut: old ones, imported ones, and all of them after a new version."""

import asyncio

import pytest

from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentPage, DocumentPassage, DocumentState
from apps.documents.passages.version import INDEX_VERSION
from apps.documents.services import ingesting, reindexing
from apps.documents.services.ingesting import Ingest
from apps.documents.services.leasing import outdated_claim
from apps.documents.services.reindexing import document_index
from apps.documents.tests.library import LONG_S, Person, a_row, until

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "The nucleus holds the DNA of the cell. The membrane keeps it together."


def a_book(person: Person, pages: int = 25) -> Document:
    document = a_row(person.user, index_version=0, pages_read=pages - 1, pages_empty=1, page_count=pages)
    DocumentPage.objects.bulk_create(
        DocumentPage(
            document=document,
            number=number,
            label=f"page {number}",
            text="" if number == 3 else f"{TEXT} This is page {number}.",
            state="empty" if number == 3 else "read",
        )
        for number in range(1, pages + 1)
    )
    return document


def passages_of(document: Document) -> list[tuple[int, int, str]]:
    rows = DocumentPassage.objects.filter(document=document).order_by("number")
    texts = dict(document.pages.values_list("number", "text"))
    return [(row.number, row.page, texts[row.page][row.start : row.end]) for row in rows]


async def indexed(ingest: Ingest, document: Document) -> Document:
    ingest.start()
    mine = Document.objects.filter(pk=document.pk)
    await until(mine.filter(index_version=INDEX_VERSION, claimed_by="").exists)
    await ingest.drain()
    return await unit_of_work(mine.get)


async def test_pages_without_passages_get_them(person: Person) -> None:
    book = await unit_of_work(a_book, person)
    ready = await indexed(Ingest(), book)
    passages = await unit_of_work(passages_of, book)
    assert [number for number, _, _ in passages] == list(range(1, len(passages) + 1))
    assert {page for _, page, _ in passages} == {*range(1, 26)} - {3}
    assert all(text and text in f"{TEXT} This is page {page}." for _, page, text in passages)
    assert (ready.state, ready.passage_count, ready.language) == (DocumentState.READY, len(passages), "en")
    assert ready.passage_tokens > 0


async def test_what_was_cut_by_an_earlier_version_is_cut_anew(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    book = await unit_of_work(a_book, person)
    first = await indexed(Ingest(), book)
    for module in ("leasing", "reindexing"):
        monkeypatch.setattr(f"apps.documents.services.{module}.INDEX_VERSION", INDEX_VERSION + 1)
    claim = await unit_of_work(outdated_claim, owner="host/m/1/t")
    assert claim
    await document_index(claim)
    again = await unit_of_work(Document.objects.get, pk=book.pk)
    assert (again.passage_count, again.passage_tokens) == (first.passage_count, first.passage_tokens)
    assert again.index_version == INDEX_VERSION + 1
    assert await unit_of_work(DocumentPassage.objects.count) == first.passage_count


async def test_who_takes_over_begins_anew(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    book = await unit_of_work(a_book, person)
    claim = await unit_of_work(outdated_claim, owner="host/m/1/t")
    assert claim
    assert await unit_of_work(outdated_claim, owner="other/m/1/t") is None
    monkeypatch.setattr(reindexing, "BREATH_SECONDS", LONG_S)
    half = asyncio.create_task(document_index(claim))
    await until(DocumentPassage.objects.exists)
    half.cancel()
    monkeypatch.setattr(reindexing, "BREATH_SECONDS", 0)
    await unit_of_work(Document.objects.update, claimed_by="", claimed_until=None)
    ready = await indexed(Ingest(), book)
    assert len(await unit_of_work(passages_of, book)) == ready.passage_count


async def test_who_has_lost_the_claim_adds_nothing(person: Person) -> None:
    await unit_of_work(a_book, person)
    claim = await unit_of_work(outdated_claim, owner="host/m/1/t")
    assert claim
    await unit_of_work(Document.objects.update, claimed_by="somebody else")
    await document_index(claim)
    assert not await unit_of_work(DocumentPassage.objects.exists)


async def test_what_is_drained_is_free_at_once(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "BREATH_SECONDS", LONG_S)
    await unit_of_work(a_book, person)
    ingest = ingesting.ingest()
    ingest.start()
    await until(DocumentPassage.objects.exists)
    await ingest.drain()
    assert await unit_of_work(outdated_claim, owner="other/m/1/t")
