"""Archives, accounts and purges, and the conversations that are deleted but may still come back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.archive.services.deleting import account_delete
from apps.archive.services.purging import purge_steps
from apps.archive.tests.building import Guest, a_conversation, entries, exported, restored
from apps.chat.models import Conversation, Message, SearchEntry
from apps.chat.services.conversation import conversation_delete
from apps.chat.services.removing import conversations_remove
from apps.chat.services.searching import conversations_search

pytestmark = pytest.mark.django_db(transaction=True)


def delete(guest: Guest, message: Message) -> None:
    conversation_delete(caller=guest.caller, conversation_id=str(message.conversation_id))


def found(guest: Guest, q: str) -> list[str]:
    return [each.conversation.title for each in conversations_search(caller=guest.caller, q=q, limit=20)]


def test_what_is_imported_is_found(guest: Guest, other: Guest) -> None:
    a_conversation(guest.user, title="Optics", messages={0: {"text": "What is refraction?"}})
    restored(other, exported(guest.user))
    assert found(other, "refraction") == found(other, "optics") == ["Optics"]


def test_all_that_an_import_brings_is_indexed_in_one_go(guest: Guest, other: Guest) -> None:
    for n in range(12):
        a_conversation(guest.user, title=f"Optics {n}", messages={1: {"text": "Light bends."}})
    archive = exported(guest.user)
    with CaptureQueriesContext(connection) as queries:
        restored(other, archive)
    written = [each for each in queries if each["sql"].startswith(f'INSERT INTO "{SearchEntry._meta.db_table}"')]
    assert len(written) == 2  # titles, messages
    assert sorted(found(other, "bend")) == sorted(f"Optics {n}" for n in range(12))
    restored(other, archive)  # all of it is there
    assert SearchEntry.objects.filter(conversation__user=other.user).count() == 12 * 3


def test_a_deleted_one_is_in_no_export_and_brought_back_by_an_import(guest: Guest) -> None:
    question, _ = a_conversation(guest.user, title="Optics", client_id="c1")
    before = exported(guest.user)
    delete(guest, question)
    assert [path for path in entries(exported(guest.user)) if path.startswith("conversations/")] == []
    assert not restored(guest, before).counts["conversations"]
    assert Conversation.objects.get().client_id == "c1"
    assert (Conversation.with_deleted.count(), Message.objects.count()) == (1, 2)


def test_one_that_is_half_removed_comes_back_whole(
    guest: Guest, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.chat.services.removing.MESSAGES_AT_ONCE", 2)
    question, *_ = a_conversation(guest.user, (None, 0, 1, 2), title="Optics")
    before = exported(guest.user)
    delete(guest, question)
    settings.DELETED_KEEP_HOURS = 0
    assert next(conversations_remove()) == 2
    assert restored(guest, before).counts == {"conversations": 1, "messages": 4}
    assert set(entries(exported(guest.user))) == set(entries(before))
    assert Conversation.objects.get().messages.count() == 4
    assert found(guest, "optics") == ["Optics"]


def test_the_names_of_a_deleted_one_are_taken(guest: Guest, other: Guest) -> None:
    question, _ = a_conversation(guest.user, client_id="c1")
    a_conversation(other.user, client_id="c1")
    delete(guest, question)
    restored(guest, exported(other.user))
    assert Conversation.objects.get(user=guest.user).client_id is None


def test_it_goes_with_the_account(guest: Guest) -> None:
    for message in [a_conversation(guest.user)[0] for _ in range(3)]:
        delete(guest, message)
    asyncio.run(account_delete(caller=guest.caller, confirm="delete"))
    assert not Conversation.with_deleted.exists()
    assert not SearchEntry.objects.exists()


def test_a_purge_removes_those_that_have_had_their_time(guest: Guest) -> None:
    old, fresh = a_conversation(guest.user)[0], a_conversation(guest.user)[0]
    for message in (old, fresh):
        delete(guest, message)
    Conversation.with_deleted.filter(pk=old.conversation_id).update(deleted_at=datetime.now(UTC) - timedelta(days=2))
    assert ("messages of deleted conversations", 2) in list(purge_steps())
    assert Conversation.with_deleted.get().pk == fresh.conversation_id
