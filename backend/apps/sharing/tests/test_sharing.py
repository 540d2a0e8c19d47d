"""What a link shows, to whom, and for how long."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.chat.models import Conversation, Message
from apps.chat.schemas import ChatRequest
from apps.chat.services.starting import Started, generation_start
from apps.chat.tests.asking import OWNER, end
from apps.chat.tests.threads import concurrently
from apps.core.access import Caller
from apps.core.errors import ApiError, Conflict, InvalidInput, NotFound
from apps.sharing import services
from apps.sharing.models import Share
from apps.sharing.replies import shared_out
from apps.sharing.selectors import MESSAGES_AT_ONCE, share_list, share_of, shared_page
from apps.sharing.services import share_make, share_revoke

pytestmark = pytest.mark.django_db(transaction=True)


def ask(caller: Caller, text: str, answer: str, **fields: Any) -> Started:
    """A question with its answer. Any: of a ChatRequest."""
    started = generation_start(caller=caller, body=ChatRequest(message=text, **fields), owner=OWNER)
    end(started, answer)
    return started


def share(caller: Caller, started: Started) -> Share:
    return share_make(caller=caller, conversation_id=str(started.conversation_id))


def texts(token: str) -> list[str]:
    return [message.text for message in shared_page(token=token, cursor=None).messages]


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except ApiError as refused:
        return refused.code
    return ""


def stranger() -> Caller:
    return Caller(session_key=None, request_id="r")


def test_a_link_shows_its_branch_and_nothing_that_comes_later(caller: Caller) -> None:
    first = ask(caller, "One", "1")
    named: dict[str, Any] = {"conversation_id": first.conversation_id}
    ask(caller, "Aside", "a", **named)
    ask(caller, "Two", "2", parent_id=first.answer_id, **named)
    made = share(caller, first)
    assert texts(made.token) == ["One", "1", "Two", "2"]
    ask(caller, "Three", "3", **named)
    Conversation.objects.update(title="A later name")
    assert (texts(made.token), made.messages) == (["One", "1", "Two", "2"], 4)
    assert shared_page(token=made.token, cursor=None).share.title == "One"
    again = share(caller, first)
    assert (again.token, again.created_at, again.messages) == (made.token, made.created_at, 6)
    assert again.updated_at > made.updated_at
    assert texts(made.token)[-2:] == ["Three", "3"]
    assert shared_page(token=made.token, cursor=None).share.title == "A later name"


def test_a_link_tells_nothing_but_what_is_to_be_read(caller: Caller) -> None:
    started = ask(caller, "One", "1 [1]")
    document_id = str(uuid4())
    stands = {"document_id": document_id, "filename": "light.pdf"}
    source = {"type": "source", "n": 1, **stands, "page": 2, "label": "page 2", "quote": "Light", "claim": "secret-d"}
    Message.objects.filter(pk=started.user_message_id).update(
        parts=[{"type": "file", **stands, "media_type": "application/pdf"}], client_message_id="secret-a"
    )
    Message.objects.filter(pk=started.answer_id).update(
        parts=[
            {"type": "reasoning", "text": "secret-b"},
            {**source, "start": 3, "end": 8, "verified": True, "cited": True},
            {**source, "quote": "secret-e", "start": 0, "end": 8, "verified": True, "cited": False},
            {"type": "notice", "code": "history_cut", "message": "Cut."},
        ],
        state="failed",
        error={"code": "timeout", "detail": "secret-c"},
        input_tokens=987654,
        receipt={"first_token_ms": 1, "total_ms": 987654, "tries": []},
    )
    told = shared_out(shared_page(token=share(caller, started).token, cursor=None))
    question, answer = told.messages
    assert [part.model_dump() for part in question.parts] == [
        {"type": "text", "text": "One"},
        {"type": "file", "filename": "light.pdf"},
    ]
    assert [part.type for part in answer.parts] == ["text", "source", "notice"]
    for hidden in ("secret", document_id, "987654", "timeout", str(started.user_id), str(started.conversation_id)):
        assert hidden not in told.model_dump_json()


def test_sources_that_say_only_what_the_first_ones_said_are_shown(caller: Caller) -> None:
    started = ask(caller, "One", "1 [1]")
    source = {"type": "source", "n": 1, "filename": "light.pdf", "page": 2, "label": "page 2", "quote": "Light"}
    Message.objects.filter(pk=started.answer_id).update(parts=[{**source, "document_id": str(uuid4())}])
    _, answer = shared_out(shared_page(token=share(caller, started).token, cursor=None)).messages
    assert answer.parts[-1].model_dump() == {**source, "verified": True, "cited": True}


def test_a_link_that_was_revoked_is_gone_for_ever(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    revoked = share(caller, started)
    named: dict[str, Any] = {"caller": caller, "conversation_id": str(started.conversation_id)}
    share_revoke(**named)
    share_revoke(**named)
    assert code_of(lambda: texts(revoked.token)) == "share_not_found"
    assert share_of(**named) is None
    assert share(caller, started).token != revoked.token
    assert code_of(lambda: texts(revoked.token)) == "share_not_found"


def test_a_link_is_gone_while_its_conversation_is_deleted(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    made = share(caller, started)
    assert [each.conversation_id for each in share_list(caller=caller)] == [started.conversation_id]
    Conversation.objects.update(deleted_at=timezone.now())
    assert code_of(lambda: texts(made.token)) == "share_not_found"
    assert code_of(lambda: share(caller, started)) == "conversation_not_found"
    assert share_list(caller=caller) == []
    Conversation.with_deleted.update(deleted_at=None)
    assert texts(made.token) == ["One", "1"]


def test_a_link_ends_with_its_user_and_is_gone_while_that_one_is_shut_out(caller: Caller) -> None:
    made = share(caller, ask(caller, "One", "1"))
    User.objects.update(is_active=False)
    assert code_of(lambda: texts(made.token)) == "share_not_found"
    User.objects.all().delete()
    assert not Share.objects.exists()


def test_a_link_goes_with_a_guest_who_becomes_a_user(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    made = share(caller, started)
    user = User.objects.create(username="ada", email="ada@example.org")
    guest_absorb(guest_id=started.user_id, user=user)
    assert texts(made.token) == ["One", "1"]
    assert Share.objects.get().conversation.user == user


def test_somebody_elses_conversation_is_not_found(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    named: dict[str, Any] = {"caller": stranger(), "conversation_id": str(started.conversation_id)}
    for call in (share_make, share_revoke, share_of):
        with pytest.raises(NotFound):
            call(**named)
    share(caller, started)
    assert share_list(caller=stranger()) == []
    session = SessionStore()
    session.create()
    assert share_list(caller=Caller(session_key=session.session_key, request_id="r")) == []


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "a" * 5_000, "\x00" * 32, "é" * 32, "a" * 31 + "\n"])
def test_every_wrong_token_is_answered_alike(caller: Caller, token: str) -> None:
    share(caller, ask(caller, "One", "1"))
    with pytest.raises(NotFound) as refused:
        shared_page(token=token, cursor=None)
    assert (refused.value.code, refused.value.details) == ("share_not_found", {})
    assert refused.value.message == "This link does not exist, or not any more."


def test_a_long_conversation_is_read_in_pages(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    conversation = Conversation.objects.get()
    parent = started.answer_id
    more = 2 * MESSAGES_AT_ONCE + 5
    for number in range(more):
        role = "assistant" if number % 2 else "user"
        added = Message(
            conversation=conversation, user_id=started.user_id, parent_id=parent, role=role, text=str(number)
        )
        added.save()
        parent = added.pk
    Conversation.objects.update(active_leaf=parent)
    made = share(caller, started)
    pages = [shared_page(token=made.token, cursor=None)]
    while cursor := pages[-1].next_cursor:
        pages.append(shared_page(token=made.token, cursor=Message.objects.get(pk=cursor).pk))
    assert [len(page.messages) for page in pages] == [MESSAGES_AT_ONCE, MESSAGES_AT_ONCE, 7]
    read = [message.text for page in pages for message in page.messages]
    assert read == ["One", "1", *map(str, range(more))]
    assert made.messages == len(read)
    with pytest.raises(InvalidInput):
        shared_page(token=made.token, cursor=uuid4())


def test_links_that_are_made_at_once_are_one(caller: Caller) -> None:
    started = ask(caller, "One", "1")
    made = concurrently(lambda _: share(caller, started).token, range(10))
    assert len(set(made)) == Share.objects.count() == 1


def test_what_cannot_be_shared_is_refused(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ask(caller, "One", "1"), ask(caller, "Two", "2")
    monkeypatch.setattr(services, "PER_USER_MAX", 1)
    share(caller, first)
    assert code_of(lambda: share(caller, second)) == "too_many_shares"
    share(caller, first)  # is there already
    Conversation.objects.update(active_leaf=None)
    with pytest.raises(Conflict, match="nothing"):
        share(caller, first)
