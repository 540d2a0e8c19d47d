"""What a user says of an answer: kept once, shown with it, and gone with it."""

from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from pydantic import ValidationError
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.accounts.services.identity import user_of
from apps.chat.feedback_schemas import COMMENT_MAX_CHARS, FeedbackIn
from apps.chat.models import Conversation, Feedback, Message
from apps.chat.replies import conversation_detail
from apps.chat.schemas import MessageOut
from apps.chat.services.conversation import conversation_delete
from apps.chat.services.feedback import feedback_set
from apps.chat.services.removing import conversations_remove
from apps.chat.tests.test_tree import plant
from apps.core.access import Caller
from apps.core.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(caller: Caller) -> User:
    found = user_of(caller=caller)
    assert found
    return found


@pytest.fixture
def messages(user: User) -> list[Message]:
    """A question, its answer, and the next turn."""
    planted = plant(user, [None, 0, 1, 2])
    Conversation.objects.update(active_leaf=planted[-1])
    return planted


def say(caller: Caller, message_id: UUID, rating: str | None, **fields: str) -> Feedback | None:
    body = FeedbackIn.model_validate({"rating": rating, **fields})
    return feedback_set(caller=caller, message_id=message_id, body=body)


def shown(caller: Caller, message: Message) -> list[MessageOut]:
    found = conversation_detail(caller=caller, conversation_id=str(message.conversation_id), before=None, limit=50)
    return found.messages


def test_it_is_shown_with_the_answer(caller: Caller, messages: list[Message]) -> None:
    say(caller, messages[1].pk, "down", reason="wrong", comment="  It is blue. ")
    told = [message.feedback for message in shown(caller, messages[0])]
    assert [told[0], *told[2:]] == [None] * 3
    assert told[1]
    assert (told[1].rating, told[1].reason, told[1].comment) == ("down", "wrong", "It is blue.")


def test_the_second_replaces_the_first(caller: Caller, messages: list[Message]) -> None:
    say(caller, messages[1].pk, "down", reason="wrong", comment="No.")
    say(caller, messages[1].pk, "up")
    feedback = Feedback.objects.get()
    assert (feedback.rating, feedback.reason, feedback.comment) == ("up", "", "")


def test_it_can_be_taken_back(caller: Caller, messages: list[Message]) -> None:
    say(caller, messages[1].pk, "up")
    assert say(caller, messages[1].pk, None) is None
    assert not Feedback.objects.exists()
    assert say(caller, messages[1].pk, None) is None


def test_a_page_with_much_feedback_costs_no_more_queries(
    caller: Caller, messages: list[Message], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for message in (messages[1], messages[3]):
        say(caller, message.pk, "up")
    with django_assert_num_queries(7):  # session, user, conversation, branch, siblings, feedback, documents
        assert sum(message.feedback is not None for message in shown(caller, messages[0])) == 2


def test_a_question_another_s_answer_and_none_are_not_found(caller: Caller, messages: list[Message]) -> None:
    theirs = plant(User.objects.create(username="other"), [None, 0])[1]
    for pk in (messages[0].pk, theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            say(caller, pk, "up")
    with pytest.raises(NotFound):
        say(Caller(session_key=None, request_id="r"), messages[1].pk, "up")
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"rating": "great"}, {"rating": "down", "reason": "x"}, {"rating": "up", "comment": "x\x00"}],
    ids=["no rating", "unknown rating", "unknown reason", "NUL"],
)
def test_what_is_not_of_the_set_is_refused(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        FeedbackIn.model_validate(body)


def test_a_comment_has_a_limit() -> None:
    FeedbackIn(rating="up", comment="x" * COMMENT_MAX_CHARS)
    with pytest.raises(ValidationError):
        FeedbackIn(rating="up", comment="x" * (COMMENT_MAX_CHARS + 1))


def test_it_goes_with_the_conversation(caller: Caller, messages: list[Message], settings: LazySettings) -> None:
    say(caller, messages[1].pk, "up")
    conversation_delete(caller=caller, conversation_id=str(messages[0].conversation_id))
    with pytest.raises(NotFound):
        say(caller, messages[1].pk, "down")
    assert Feedback.objects.get().rating == "up"  # it may come back
    settings.DELETED_KEEP_HOURS = 0
    assert sum(conversations_remove()) == len(messages)
    assert not Feedback.objects.exists()


def test_a_guest_who_becomes_a_user_keeps_it(caller: Caller, messages: list[Message], user: User) -> None:
    say(caller, messages[1].pk, "up")
    ada = User.objects.create(username="ada")
    guest_absorb(guest_id=user.pk, user=ada)
    assert Feedback.objects.get().user == ada
