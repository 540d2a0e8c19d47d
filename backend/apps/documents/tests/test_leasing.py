"""Claims: one process at a time works on a document, and who has lost it writes nothing more."""

import asyncio
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apps.core.ownership import new_owner
from apps.documents.models import Document, DocumentPage
from apps.documents.services.leasing import ATTEMPTS_MAX, claims_renew
from apps.documents.services.page_writing import pages_store, reading_begin, reading_finish
from apps.documents.tests.library import Person, a_person, claimed, pages_of, run, the, uploads
from apps.documents.tests.scripted import page_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
ELSEWHERE = "another-host/boot:pid/1/0123456789ab"
DEAD_HERE_TOKEN = "ffffffffffff"


async def test_a_claim_is_taken_once_whoever_asks_at_that_moment(person: Person) -> None:
    documents = await uploads(person, *(bytes([number]) for number in range(6)))
    owners = [f"host-{number}/boot:pid/1/0123456789ab" for number in range(4)]
    taken = await asyncio.gather(*(claimed(owner, room=6) for owner in owners))
    names = [claim for claims in taken for claim in claims]
    assert sorted(claim.document_id for claim in names) == sorted(document.pk for document in documents)


async def test_the_living_keep_their_claims_and_the_dead_lose_theirs(person: Person, settings: LazySettings) -> None:
    (document,) = await uploads(person, b"x")
    (claim,) = await claimed(ELSEWHERE)
    assert await claimed(new_owner()) == []
    await run(Document.objects.update, claimed_until=timezone.now() - timedelta(seconds=1))
    assert await run(claims_renew, [claim]) == {claim}  # late, but before anybody has noticed
    assert await claimed(new_owner()) == []
    await run(Document.objects.update, claimed_until=timezone.now() - timedelta(seconds=1))
    (taken,) = await claimed(new_owner())
    assert await run(claims_renew, [claim]) == set()
    assert (await the(document)).claimed_by == taken.name


async def test_of_a_dead_process_of_this_machine_a_claim_is_taken_at_once(person: Person) -> None:
    await uploads(person, b"x")
    me = new_owner()
    earlier = f"{me.rpartition('/')[0]}/{DEAD_HERE_TOKEN}"  # the same pid with another token: it was restarted
    assert len(await claimed(earlier)) == 1
    assert len(await claimed(me)) == 1
    assert await claimed(me) == []  # ones own is not taken from oneself


async def test_who_has_lost_a_claim_writes_nothing_more(person: Person) -> None:
    (document,) = await uploads(person, b"x")
    (lost,) = await claimed(ELSEWHERE)
    await run(Document.objects.update, claimed_until=timezone.now() - timedelta(seconds=1))
    (held,) = await claimed(new_owner())
    before = await the(document)
    assert not await run(pages_store, lost, opened=None, pages=[page_of(1)])
    assert await run(reading_begin, lost) is None
    assert not await run(reading_finish, lost, None)
    assert await the(document) == before
    assert await run(DocumentPage.objects.count) == 0
    assert await run(pages_store, held, opened=None, pages=[page_of(1)])


async def test_a_batch_that_is_sent_again_is_stored_once(person: Person) -> None:
    (document,) = await uploads(person, b"x")
    (claim,) = await claimed(new_owner())
    for pages in ([page_of(1), page_of(2)], [page_of(1), page_of(2)], [page_of(2), page_of(3)]):
        assert await run(pages_store, claim, opened=None, pages=pages)
    assert [row[0] for row in await pages_of(document)] == [1, 2, 3, 1, 2, 3]
    counted = await the(document)
    assert (counted.pages_read, counted.passage_count) == (3, 3)


async def test_a_file_that_kills_its_process_again_and_again_fails(person: Person) -> None:
    (document,) = await uploads(person, b"x")
    for _ in range(ATTEMPTS_MAX):
        assert len(await claimed(ELSEWHERE)) == 1
        await run(Document.objects.update, claimed_until=timezone.now() - timedelta(seconds=1))
    assert await claimed(ELSEWHERE) == []
    failed = await the(document)
    assert (failed.state, failed.claimed_by, failed.problem["code"]) == ("failed", "", "document_broken")  # type: ignore[index]


async def test_who_gets_on_may_be_killed_often(person: Person) -> None:
    (document,) = await uploads(person, b"x")
    for number in range(1, 3 * ATTEMPTS_MAX):
        (claim,) = await claimed(ELSEWHERE)
        await run(pages_store, claim, opened=None, pages=[page_of(number)])
        await run(Document.objects.update, claimed_until=timezone.now() - timedelta(seconds=1))
    assert (await the(document)).state == "reading"


async def test_a_shelf_of_books_keeps_nobody_else_waiting(person: Person) -> None:
    books = await uploads(person, b"1", b"2", b"3", b"4")
    (first,) = await claimed(ELSEWHERE)
    other = await run(a_person)
    (note,) = await uploads(other, b"note")
    assert first.document_id == books[0].pk
    assert [claim.document_id for claim in await claimed(ELSEWHERE)] == [note.pk]


async def test_a_batch_costs_few_statements(
    person: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    await uploads(person, b"x")
    (claim,) = await claimed(new_owner())

    def store() -> None:
        with django_assert_max_num_queries(8):
            pages_store(claim, opened=None, pages=[page_of(number) for number in range(1, 21)])

    await run(store)
