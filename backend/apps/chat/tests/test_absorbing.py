"""A guest becomes a user: everything comes along, also what is being written at that moment."""

from functools import partial

import pytest

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.chat.models import Conversation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.schemas import ChatRequest
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.leasing import lease_take
from apps.chat.services.starting import Started, generation_start
from apps.chat.tests.threads import concurrently
from apps.core.access import Caller
from apps.core.sse import frame
from apps.documents.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "host/m/1/t"


def ask(caller: Caller, *, client_message_id: str | None = None) -> Started:
    body = ChatRequest(message="?", client_message_id=client_message_id)
    return generation_start(caller=caller, body=body, owner=OWNER)


def finish(started: Started) -> object:
    key = RunKey(started.generation_id, 1, OWNER)
    said = [frame("text-start", id="answer"), frame("text-delta", id="answer", delta="An answer.")]
    return generation_finish(key, outcome=Outcome(State.COMPLETE), frames=said)


@pytest.fixture
def user() -> User:
    lease_take(owner=OWNER)
    return User.objects.create(username="ada", email="ada@example.org")


@pytest.mark.parametrize("round_", range(5))
def test_an_answer_that_ends_while_its_guest_signs_in_is_saved_whole(user: User, round_: int) -> None:
    nobody = Caller(session_key=None, request_id="r")
    runs = [ask(nobody) for _ in range(4)]
    absorb = [partial(guest_absorb, guest_id=started.user_id, user=user) for started in runs]
    end = [partial(finish, started) for started in runs]
    mixed = [call for pair in zip(absorb, end, strict=True) for call in (pair if round_ % 2 else reversed(pair))]
    concurrently(lambda call: call(), mixed)
    answers = Message.objects.filter(pk__in=[started.answer_id for started in runs])
    assert [(answer.text, answer.state, answer.user_id) for answer in answers] == [
        ("An answer.", State.COMPLETE, user.pk)
    ] * len(runs)
    assert not User.objects.filter(is_guest=True).exists()


def test_what_both_have_named_alike_stays_apart(user: User, caller: Caller) -> None:
    guests = ask(caller, client_message_id="m1")
    mine = Conversation.objects.create(user=user, title="mine", client_id="c1", updated_at="2026-01-01T00:00Z")
    Message.objects.create(conversation=mine, user=user, role="user", text="mine", client_message_id="m1")
    Conversation.objects.filter(pk=guests.conversation_id).update(client_id="c1")
    counts = {"size_bytes": 1, "page_count": 1, "character_count": 1}
    for owner in (user.pk, guests.user_id):
        Document.objects.create(user_id=owner, filename="a.txt", media_type="text/plain", sha256="a" * 64, **counts)
    guest_absorb(guest_id=guests.user_id, user=user)
    assert Conversation.objects.filter(user=user).count() == 2
    assert Conversation.objects.get(client_id="c1") == mine
    assert Message.objects.get(client_message_id="m1").text == "mine"
    assert Document.objects.filter(user=user).count() == 2


def test_only_guests_are_absorbed(user: User) -> None:
    other = User.objects.create(username="bob", email="bob@example.org")
    guest_absorb(guest_id=other.pk, user=user)
    assert User.objects.filter(pk=other.pk).exists()
