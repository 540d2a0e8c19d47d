"""What must hold whoever comes first: one prompt, one live answer, one end."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.services import identity_ensure
from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.schemas import ChatRequest
from apps.chat.services import ownership
from apps.chat.services.finishing import Outcome, generation_finish, generation_reap
from apps.chat.services.prompting import turns_of
from apps.chat.services.starting import TITLE_MAX_CHARS, generation_start, title_of
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.core.sse import frame

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def caller() -> Caller:
    bare = Caller(session_key=None, request_id="r")
    return Caller(session_key=identity_ensure(caller=bare).session_key, request_id="r")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Threads whose connections are closed again, so that the test database can be dropped."""
    pool = ThreadPoolExecutor(8)
    yield pool
    list(pool.map(lambda _: connections.close_all(), range(64)))
    pool.shutdown()


def test_50_copies_of_a_first_prompt_make_one_conversation(caller: Caller, threads: ThreadPoolExecutor) -> None:
    body = ChatRequest(message="Hello", client_message_id="one")
    started = list(threads.map(lambda _: generation_start(caller=caller, body=body), range(50)))
    assert sum(each.is_new for each in started) == 1
    assert len({each.generation_id for each in started}) == 1
    assert (Conversation.objects.count(), Message.objects.count(), Generation.objects.count()) == (1, 1, 1)


def test_different_prompts_in_one_conversation_leave_one_answer_running(
    caller: Caller, threads: ThreadPoolExecutor
) -> None:
    first = generation_start(caller=caller, body=ChatRequest(message="Hello"))
    generation_finish(generation_id=first.generation_id, epoch=1, outcome=Outcome(State.COMPLETE))

    def ask(number: int) -> bool:
        try:
            body = ChatRequest(message=f"Question {number}", conversation_id=first.conversation_id)
            return generation_start(caller=caller, body=body).is_new
        except Conflict:
            return False

    assert sum(threads.map(ask, range(20))) == 1
    assert Message.objects.filter(role="user").count() == 2


def test_of_two_owners_one_ends_a_generation(caller: Caller, threads: ThreadPoolExecutor) -> None:
    started = generation_start(caller=caller, body=ChatRequest(message="Hello"))
    text = [frame("text-delta", id="answer", delta="Hi\x00 there")]

    def finish(state: State) -> Message | None:
        return generation_finish(generation_id=started.generation_id, epoch=1, outcome=Outcome(state), frames=text)

    ended = [message for message in threads.map(finish, [State.COMPLETE, State.STOPPED] * 4) if message]
    assert len(ended) == 1
    saved = Message.objects.get(role="assistant")
    assert saved.text == "Hi there"
    assert saved.state == Generation.objects.get().state


def test_another_epoch_cannot_end_a_generation(caller: Caller) -> None:
    started = generation_start(caller=caller, body=ChatRequest(message="Hello"))
    assert generation_finish(generation_id=started.generation_id, epoch=2, outcome=Outcome(State.COMPLETE)) is None
    assert Generation.objects.get().state == State.RUNNING


def test_a_run_of_a_dead_process_is_ended_when_the_next_prompt_comes(caller: Caller) -> None:
    started = generation_start(caller=caller, body=ChatRequest(message="Hello", client_message_id="one"))
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    host, boot, _ = ownership.this_process().split("/")
    Generation.objects.update(owner=f"{host}/{boot}/{child}")
    again = generation_start(caller=caller, body=ChatRequest(message="Hello", client_message_id="one"))
    assert again.is_new
    assert again.user_message_id == started.user_message_id
    error = Message.objects.get(role="assistant").error
    assert error is not None
    assert error["code"] == "server_restarted"


def test_a_run_of_a_living_process_is_left_alone(caller: Caller) -> None:
    generation_start(caller=caller, body=ChatRequest(message="Hello"))
    assert generation_reap() == 0


def test_an_id_with_another_text_is_a_conflict(caller: Caller) -> None:
    generation_start(caller=caller, body=ChatRequest(message="Hello", client_message_id="one"))
    with pytest.raises(Conflict):
        generation_start(caller=caller, body=ChatRequest(message="Bye", client_message_id="one"))


def test_the_id_of_one_user_is_free_for_another(caller: Caller) -> None:
    generation_start(caller=caller, body=ChatRequest(message="Hello", client_message_id="one"))
    other = Caller(session_key=None, request_id="r")
    assert generation_start(caller=other, body=ChatRequest(message="Bye", client_message_id="one")).is_new


def test_a_question_without_an_answer_is_no_turn() -> None:
    said = [("user", "a"), ("assistant", ""), ("user", "b"), ("assistant", "B"), ("user", "c")]
    turns = turns_of([Message(role=role, text=text) for role, text in said])
    assert [(turn.role, turn.text) for turn in turns] == [("user", "b"), ("assistant", "B")]


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_title_is_one_short_line(message: str) -> None:
    title = title_of(message)
    assert 0 < len(title) <= TITLE_MAX_CHARS
    assert "\n" not in title
