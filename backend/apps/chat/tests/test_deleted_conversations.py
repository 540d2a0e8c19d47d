"""A deleted conversation is nowhere, comes back whole while it may, and is then removed for good."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.chat import selectors
from apps.chat.models import LIVE, Conversation, Generation, Message, SearchEntry
from apps.chat.prompt_bodies import UIMessagesRequest
from apps.chat.replies import chat_reply, conversation_detail
from apps.chat.schemas import ChatRequest, ConversationPatch
from apps.chat.selectors import conversation_list
from apps.chat.services.conversation import conversation_delete, conversation_restore, conversation_update
from apps.chat.services.live_runs import live_read
from apps.chat.services.removing import MESSAGES_AT_ONCE, conversations_remove
from apps.chat.services.starting import Started, generation_start
from apps.chat.services.sweeping import sweep
from apps.chat.tests.asking import OWNER, ask
from apps.chat.tests.said import answered, said
from apps.chat.tests.threads import concurrently
from apps.core.errors import ApiError, NotFound
from apps.courses.models import Course
from apps.courses.selectors import course_list
from apps.documents.models import Document
from apps.documents.tests.library import Person, a_person, stored

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def delete(person: Person, started: Started) -> list[UUID]:
    return conversation_delete(caller=person.caller, conversation_id=str(started.conversation_id))


def restore(person: Person, started: Started) -> Conversation:
    return conversation_restore(caller=person.caller, conversation_id=str(started.conversation_id))


def listed(person: Person, **filters: Any) -> list[UUID]:
    """Any: of `conversation_list`."""
    return [each.pk for each in conversation_list(caller=person.caller, cursor="", limit=50, **filters)[0]]


def shown(person: Person, started: Started) -> list[UUID]:
    name = str(started.conversation_id)
    detail = conversation_detail(caller=person.caller, conversation_id=name, before=None, limit=50)
    return [message.id for message in detail.messages]


def refusal(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(ApiError) as refused:
        call()
    return refused.value.status, refused.value.code


NOT_FOUND = (404, "conversation_not_found")


def test_it_is_nowhere_and_comes_back_as_it_was(person: Person) -> None:
    course = Course.objects.create(user=person.user, name="Optics")
    document = stored(person.user, ["Light is a wave."])
    started = answered(ask(person, "What is light?", document, course_id=course.pk), "A wave.")
    other = said(person, "Something else")
    assert delete(person, started) == []
    assert listed(person) == [other.conversation_id]
    assert refusal(partial(shown, person, started)) == NOT_FOUND
    assert refusal(partial(delete, person, started)) == NOT_FOUND
    assert refusal(partial(_rename, person, started)) == NOT_FOUND
    assert chat_reply(started) is None
    (only,) = course_list(caller=person.caller)
    assert (only.conversation_count, only.document_count) == (0, 0)  # type: ignore[attr-defined]  # annotations
    restored = restore(person, started)
    assert (restored.pk, restored.course, restored.running) == (started.conversation_id, course, False)  # type: ignore[attr-defined]
    assert listed(person) == [other.conversation_id, started.conversation_id]
    assert shown(person, started) == [started.user_message_id, started.answer_id]
    assert list(restored.documents.all()) == [document]


def _rename(person: Person, started: Started) -> None:
    patch = ConversationPatch(title="x")
    conversation_update(caller=person.caller, conversation_id=str(started.conversation_id), patch=patch)


def test_to_bring_it_back_twice_is_to_bring_it_back(person: Person) -> None:
    started = said(person, "What is light?")
    delete(person, started)
    concurrently(lambda _: restore(person, started), range(8))
    assert restore(person, started).pk == started.conversation_id
    assert listed(person) == [started.conversation_id]


def test_nobody_else_brings_it_back_and_nobody_after_its_time(person: Person, settings: LazySettings) -> None:
    started = said(person, "What is light?")
    delete(person, started)
    assert refusal(partial(restore, a_person(), started)) == NOT_FOUND
    settings.DELETED_KEEP_HOURS = 0
    assert refusal(partial(restore, person, started)) == NOT_FOUND
    settings.DELETED_KEEP_HOURS = 1
    assert restore(person, started).pk == started.conversation_id


def told_as_live(person: Person, started: Started) -> bool:
    known = [started.generation_id]
    reading = live_read(users=[person.user.pk], new_users=(), known=known, since=LONG_AGO, retitled=())
    return bool(reading.runs[person.user.pk])


def test_an_answer_in_it_is_asked_to_stop_kept_and_told_as_ended(person: Person) -> None:
    started = ask(person, "What is light?")
    assert told_as_live(person, started)
    assert delete(person, started) == [started.generation_id]
    assert Generation.objects.get().stop_requested
    assert not told_as_live(person, started)
    answered(started, "A wa")
    restore(person, started)
    assert shown(person, started) == [started.user_message_id, started.answer_id]


def test_nothing_can_be_asked_in_it(person: Person) -> None:
    started = said(person, "What is light?", client_message_id="m1")
    prompt = partial(ask, person, "And sound?")
    delete(person, started)
    assert refusal(partial(prompt, conversation_id=started.conversation_id)) == NOT_FOUND
    regenerate = ChatRequest(trigger="regenerate", conversation_id=started.conversation_id)
    assert refusal(partial(generation_start, caller=person.caller, body=regenerate, owner=OWNER)) == NOT_FOUND
    # Its ids are taken until it is gone, by a repeat, by an edit, and by a prompt elsewhere.
    assert refusal(partial(ask, person, "What is light?", client_message_id="m1")) == NOT_FOUND
    assert refusal(partial(prompt, client_message_id="m1")) == NOT_FOUND
    other = said(person, "Something else")
    elsewhere = partial(prompt, client_message_id="m1", conversation_id=other.conversation_id)
    assert refusal(elsewhere) == (409, "message_id_reused")
    restore(person, started)
    assert ask(person, "What is light?", client_message_id="m1").generation_id == started.generation_id


def test_the_name_that_a_client_gave_it_is_taken_until_it_is_gone(person: Person, settings: LazySettings) -> None:
    def send() -> Started:
        message = {"id": f"m-{uuid4()}", "role": "user", "parts": [{"type": "text", "text": "What is light?"}]}
        body = UIMessagesRequest.model_validate({"id": "c1", "messages": [message], "trigger": "submit-message"})
        return generation_start(caller=person.caller, body=body, owner=OWNER)

    started = answered(send())
    conversation_delete(caller=person.caller, conversation_id="c1")
    assert refusal(send) == NOT_FOUND
    assert conversation_restore(caller=person.caller, conversation_id="c1").pk == started.conversation_id
    conversation_delete(caller=person.caller, conversation_id="c1")
    settings.DELETED_KEEP_HOURS = 0
    assert list(conversations_remove())
    assert send().conversation_id != started.conversation_id


def test_what_has_had_its_time_is_removed_and_nothing_else(person: Person, settings: LazySettings) -> None:
    document = stored(person.user, ["Light is a wave."])
    old, fresh, kept = (answered(ask(person, "What is light?", document), "A wave.") for _ in range(3))
    for each in (old, fresh):
        delete(person, each)
    Conversation.with_deleted.filter(pk=old.conversation_id).update(deleted_at=datetime.now(UTC) - timedelta(hours=25))
    sweep()
    left = {fresh.conversation_id, kept.conversation_id}
    for rows in (Message, Generation, SearchEntry):
        assert set(rows.objects.values_list("conversation", flat=True)) == left, rows
    assert set(Conversation.with_deleted.values_list("pk", flat=True)) == left
    assert Document.objects.get() == document
    settings.DELETED_KEEP_HOURS = 48
    assert list(conversations_remove()) == []


def test_a_long_one_is_removed_a_little_at_a_time(
    person: Person, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.chat.services.removing.MESSAGES_AT_ONCE", 4)
    started = said(person, "Light 0?")
    for n in range(1, 6):
        said(person, f"Light {n}?", conversation_id=started.conversation_id)
    delete(person, started)
    settings.DELETED_KEEP_HOURS = 0
    assert list(conversations_remove()) == [4, 4, 4, 1]
    assert not Conversation.with_deleted.exists()


def test_one_out_of_an_archive_is_removed_whatever_its_times_say(person: Person, settings: LazySettings) -> None:
    """Each message is older than the one before it, so the newest is the one that all others follow."""
    started = said(person, "What is light?")
    conversation = Conversation.objects.get(pk=started.conversation_id)
    chain = [Message(conversation=conversation, user=person.user, role="user") for _ in range(1_500)]
    for number, (message, before) in enumerate(pairwise(chain)):
        message.parent, message.created_at = before, LONG_AGO + timedelta(seconds=number)
    Message.objects.bulk_create(reversed(chain))
    delete(person, started)
    settings.DELETED_KEEP_HOURS = 0
    assert max(conversations_remove()) == MESSAGES_AT_ONCE
    assert not Conversation.with_deleted.exists()


def test_a_new_name_for_one_that_is_deleted_at_this_moment(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    started = said(person, "What is light?")
    look = selectors.access_conversation_of

    def seen_and_deleted(**named: Any) -> Conversation:
        found = look(**named)
        Conversation.objects.filter(pk=found.pk).update(deleted_at=LONG_AGO)
        return found

    monkeypatch.setattr(selectors, "access_conversation_of", seen_and_deleted)
    assert refusal(partial(_rename, person, started)) == NOT_FOUND


def test_a_guest_s_deleted_ones_become_the_user_s(person: Person) -> None:
    started = said(person, "What is light?")
    delete(person, started)
    ada = User.objects.create(username="ada")
    guest_absorb(guest_id=person.user.pk, user=ada)
    assert Conversation.with_deleted.get().user == ada


@pytest.mark.parametrize("round_", range(4))
def test_a_prompt_and_a_deletion_at_once(person: Person, round_: int) -> None:
    """Whichever comes first: no answer is written in it that nobody has asked to stop."""
    conversations = [said(person, "What is light?") for _ in range(4)]

    def prompt(started: Started) -> None:
        with suppress(NotFound):
            ask(person, "And sound?", conversation_id=started.conversation_id)

    calls = [(partial(prompt, each), partial(delete, person, each)) for each in conversations]
    concurrently(lambda call: call(), [call for pair in calls for call in (pair if round_ % 2 else pair[::-1])])
    assert listed(person) == []
    assert all(Generation.objects.filter(state__in=LIVE).values_list("stop_requested", flat=True))


@pytest.mark.parametrize("round_", range(4))
def test_a_return_and_a_removal_at_once_leave_it_whole_or_gone(
    person: Person, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, round_: int
) -> None:
    monkeypatch.setattr("apps.chat.services.removing.MESSAGES_AT_ONCE", 2)
    started = said(person, "What is light?", "A wave.")
    said(person, "And sound?", "Too.", conversation_id=started.conversation_id)
    delete(person, started)
    # Its hour ends about now.
    ends_at = datetime.now(UTC) + timedelta(milliseconds=10 * round_)
    Conversation.with_deleted.update(deleted_at=ends_at - timedelta(hours=1))
    settings.DELETED_KEEP_HOURS = 1

    def come_back() -> None:
        with suppress(NotFound):
            restore(person, started)

    def remove() -> None:
        list(conversations_remove())

    concurrently(lambda call: call(), [come_back, remove] * 4)
    if listed(person):
        assert Message.objects.count() == 4
    else:
        list(conversations_remove())
        assert not Conversation.with_deleted.exists()


def test_lists_of_archived_and_of_pinned_ones(person: Person) -> None:
    plain, pinned, archived, both = (said(person, "?") for _ in range(4))
    for started, patch in ((pinned, {"pinned": True}), (archived, {"archived": True}), (both, {"archived": True})):
        name = str(started.conversation_id)
        conversation_update(caller=person.caller, conversation_id=name, patch=ConversationPatch.model_validate(patch))
    Conversation.objects.filter(pk=both.conversation_id).update(pinned=True)
    assert listed(person) == [pinned.conversation_id, plain.conversation_id]
    assert listed(person, pinned=True) == [pinned.conversation_id]
    assert listed(person, pinned=False) == [plain.conversation_id]
    assert listed(person, archived=True) == [both.conversation_id, archived.conversation_id]
    assert listed(person, archived=True, pinned=True) == [both.conversation_id]
