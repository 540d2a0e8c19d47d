"""Deletion that deletes: rows, then bytes, by whatever way a document goes."""

import pytest
from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.core.units_of_work import unit_of_work
from apps.documents import storage
from apps.documents.models import Document, DocumentPage, DocumentPassage, PassageVector, RemovedFile
from apps.documents.services import deleting
from apps.documents.services.deleting import document_delete, removed_files_delete, removed_files_delete_now
from apps.documents.tests.library import Person, a_person, stored_files, uploads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]


def fill(document: Document) -> None:
    """Give it a page, a passage and a vector."""
    DocumentPage.objects.create(document=document, number=1, label="page 1", text="Light.", state="read")
    passage = DocumentPassage.objects.create(document=document, page=1, number=1, start=0, end=6, tokens=3)
    PassageVector.objects.create(passage=passage, document=document, model="m", vector=b"\x00\x3c")


async def test_nothing_of_a_deleted_document_stays(person: Person) -> None:
    gone, stays = await uploads(person, b"gone", b"stays")
    for document in (gone, stays):
        await unit_of_work(fill, document)
    await document_delete(caller=person.caller, document_id=gone.pk)
    for model in (Document, DocumentPage, DocumentPassage, PassageVector):
        assert await unit_of_work(model.objects.count) == 1
    assert stored_files() == [stays.stored_as]
    assert await unit_of_work(RemovedFile.objects.count) == 0
    with pytest.raises(NotFound):
        await document_delete(caller=person.caller, document_id=gone.pk)


async def test_another_s_document_is_not_deleted(person: Person) -> None:
    other = await unit_of_work(a_person)
    (theirs,) = await uploads(other, b"theirs")
    with pytest.raises(NotFound):
        await document_delete(caller=person.caller, document_id=theirs.pk)
    assert stored_files() == [theirs.stored_as]


async def test_bytes_go_with_their_user(person: Person) -> None:
    await uploads(person, b"1", b"2")
    await unit_of_work(lambda: User.objects.get(pk=person.user.pk).delete())
    assert len(stored_files()) == 2
    assert await unit_of_work(removed_files_delete_now) == 2
    assert stored_files() == []


async def test_a_kill_between_rows_and_bytes_leaves_none_for_ever(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document,) = await uploads(person, b"x")

    async def killed() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(deleting, "removed_files_delete", killed)
    with pytest.raises(KeyboardInterrupt):
        await document_delete(caller=person.caller, document_id=document.pk)
    assert stored_files() == [document.stored_as]
    await removed_files_delete()  # as the sweep of any process does
    assert stored_files() == []


async def test_what_a_rolled_back_deletion_leaves_keeps_its_bytes(person: Person) -> None:
    (document,) = await uploads(person, b"x")

    def roll_back() -> None:
        with transaction.atomic():
            document.delete()
            transaction.set_rollback(True)

    await unit_of_work(roll_back)
    await removed_files_delete()
    assert stored_files() == [document.stored_as]


async def test_a_storage_that_is_away_is_asked_again(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    (document,) = await uploads(person, b"x")
    with monkeypatch.context() as patch:
        patch.setattr(deleting, "bytes_remove", lambda name: False)
        await document_delete(caller=person.caller, document_id=document.pk)
        assert await unit_of_work(RemovedFile.objects.count) == 1
    assert storage.bytes_remove(document.stored_as)
    await removed_files_delete()  # gone already, by another process
    assert await unit_of_work(RemovedFile.objects.count) == 0
