"""What must hold whoever comes first: one prompt, one live answer, and nothing half-saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from hypothesis import given
from hypothesis import strategies as st

from apps.chat.models import LIVE, Conversation, Generation, Message, State, TitleSource
from apps.chat.prompt_bodies import UIMessagesRequest
from apps.chat.schemas import ChatRequest, ConversationPatch
from apps.chat.services.conversation import conversation_update
from apps.chat.services.prompting import prompt_gather, prompt_make, turns_of
from apps.chat.services.starting import TITLE_MAX_CHARS, Started, generation_start, title_of
from apps.chat.tests.asking import OWNER, end
from apps.chat.tests.threads import concurrently
from apps.core.access import Caller
from apps.core.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)


def start(caller: Caller, message: str | None = None, **fields: Any) -> Started:
    return generation_start(caller=caller, body=ChatRequest(message=message, **fields), owner=OWNER)


def outcomes(*calls: Callable[[], Started]) -> list[Started | str]:
    """What each call gave, all at once: a generation, or the code of the refusal."""

    def run(call: Callable[[], Started]) -> Started | str:
        try:
            return call()
        except Conflict as error:
            return error.code

    return concurrently(run, calls)


def begun(results: list[Started | str]) -> list[Started]:
    return [each for each in results if isinstance(each, Started) and each.is_new]


def test_a_generation_runs_under_the_lease_that_it_was_begun_with(caller: Caller) -> None:
    started = start(caller, "Hello")
    generation = Generation.objects.get()
    assert (generation.owner, generation.state) == (OWNER, State.RUNNING)
    assert started.user_id == Conversation.objects.get().user_id


def test_50_copies_of_a_first_prompt_make_one_conversation(caller: Caller) -> None:
    results = outcomes(*[lambda: start(caller, "Hello", client_message_id="one")] * 50)
    assert len(begun(results)) == 1
    assert len({each.generation_id for each in results if isinstance(each, Started)}) == 1
    assert (Conversation.objects.count(), Message.objects.count(), Generation.objects.count()) == (1, 1, 1)


def test_50_copies_of_an_sdk_prompt_make_one_conversation(caller: Caller) -> None:
    message = {"id": "m1", "role": "user", "parts": [{"type": "text", "text": "Hello"}]}
    body = UIMessagesRequest.model_validate({"id": "chat", "messages": [message]})
    results = outcomes(*[lambda: generation_start(caller=caller, body=body, owner=OWNER)] * 50)
    assert len(begun(results)) == 1
    assert Conversation.objects.values_list("client_id", flat=True).get() == "chat"
    assert (Message.objects.count(), Generation.objects.count()) == (1, 1)


def test_prompts_edits_and_regenerates_at_once_leave_one_answer_running(caller: Caller) -> None:
    first = start(caller, "Hello", client_message_id="one")
    answer = end(first)
    named: dict[str, Any] = {"conversation_id": first.conversation_id}
    calls = [
        *[lambda: start(caller, "Next", client_message_id="two", **named)] * 5,
        *[lambda: start(caller, "Hello!", client_message_id="one")] * 5,
        *[lambda: start(caller, trigger="regenerate", parent_id=answer.pk, **named)] * 5,
    ]
    results = outcomes(*[calls[number % 3 * 5 + number // 3] for number in range(15)])
    assert len(begun(results)) == 1
    assert Generation.objects.filter(state__in=LIVE).count() == 1
    assert {each for each in results if isinstance(each, str)} == {"generation_running"}
    # Who was refused has left nothing behind.
    assert Message.objects.count() <= 3


def test_ten_copies_of_an_edit_are_one_version(caller: Caller) -> None:
    first = start(caller, "Hello", client_message_id="one")
    end(first)
    results = outcomes(*[lambda: start(caller, "Hello!", client_message_id="one")] * 10)
    assert len(begun(results)) == 1
    assert list(Message.objects.filter(role="user").order_by("revision").values_list("revision", "text")) == [
        (0, "Hello"),
        (1, "Hello!"),
    ]


def test_the_first_requests_of_a_session_make_one_guest() -> None:
    from_one = Caller(session_key=_empty_session(), request_id="r")
    results = outcomes(*[lambda: start(from_one, "Hello", client_message_id="one")] * 10)
    assert len({each.user_id for each in results if isinstance(each, Started)}) == 1


def test_an_answer_to_the_same_text_is_shown_when_an_edit_is_taken_back(caller: Caller) -> None:
    first = start(caller, "Hello", client_message_id="one")
    answer = end(first)
    end(start(caller, "Hello!", client_message_id="one"))
    back = start(caller, "Hello", client_message_id="one")
    assert (back.is_new, back.generation_id) == (False, first.generation_id)
    assert Conversation.objects.get().active_leaf_id == answer.pk


def test_a_repeat_of_the_newest_text_moves_nothing(caller: Caller) -> None:
    first = start(caller, "Hello", client_message_id="one")
    end(first)
    end(start(caller, "And?", conversation_id=first.conversation_id))
    leaf = Conversation.objects.get().active_leaf_id
    assert not start(caller, "Hello", client_message_id="one").is_new
    assert Conversation.objects.get().active_leaf_id == leaf


def test_a_prompt_of_before_ids_were_always_given_can_be_edited(caller: Caller) -> None:
    first = start(caller, "Hello")
    end(first)
    Message.objects.update(client_message_id=None)
    edited = start(caller, "Hello!", client_message_id=str(first.user_message_id))
    end(edited)
    assert not start(caller, "Hello", client_message_id=str(first.user_message_id)).is_new
    assert not start(caller, "Hello!", client_message_id=str(first.user_message_id)).is_new
    assert Message.objects.filter(role="user").count() == 2


def test_the_id_of_one_user_is_free_for_another(caller: Caller) -> None:
    start(caller, "Hello", client_message_id="one")
    other = Caller(session_key=None, request_id="r")
    assert start(other, "Bye", client_message_id="one").is_new
    assert Message.objects.filter(revision=0).count() == 2


def test_the_model_is_told_the_branch_of_the_prompt_whatever_is_shown(caller: Caller) -> None:
    first = start(caller, "One")
    answer = end(first, "1")
    end(start(caller, "Two", conversation_id=first.conversation_id), "2")
    third = start(caller, "Three", conversation_id=first.conversation_id, parent_id=answer.pk)
    Conversation.objects.update(active_leaf=None)
    built = prompt_make(prompt_gather(user_message_id=third.user_message_id), query_vector=None, budget_tokens=4000)
    assert [message["content"] for message in built.messages[1:]] == ["One", "1", "Three"]


def test_a_title_that_a_person_wrote_is_known_as_theirs(caller: Caller) -> None:
    started = start(caller, "Hello")
    for patch, source in (({"pinned": True}, TitleSource.PROMPT), ({"title": "Mine"}, TitleSource.USER)):
        conversation_update(
            caller=caller, conversation_id=str(started.conversation_id), patch=ConversationPatch.model_validate(patch)
        )
        assert Conversation.objects.get().title_source == source


def test_a_question_without_an_answer_is_no_turn() -> None:
    said = [("user", "a"), ("assistant", ""), ("user", "b"), ("assistant", "B"), ("user", "c")]
    turns = turns_of([Message(role=role, text=text) for role, text in said])
    assert [(turn.role, turn.text) for turn in turns] == [("user", "b"), ("assistant", "B")]


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_title_is_one_short_line(message: str) -> None:
    title = title_of(message)
    assert 0 < len(title) <= TITLE_MAX_CHARS
    assert "\n" not in title


def _empty_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)
