"""The live feed: every page of a user learns which conversations are answering, whichever gateway answers them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.feeds import Feed
from tests.stack import Stack, running_stack, wait_until
from tests.streams import chat, csrf, frames_of, metadata_of

pytestmark = pytest.mark.waits


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Two gateways on one database."""
    with running_stack(tmp_path_factory.mktemp("feeds"), gateways=2) as running:
        yield running


@pytest.fixture
def student(visitor: httpx.Client) -> httpx.Client:
    """A visitor who has asked something, and so is a user."""
    chat(visitor, "[[tokens=1]]")
    return visitor


@contextmanager
def at_the_other(student: httpx.Client, stack: Stack) -> Iterator[httpx.Client]:
    """The same student at the other gateway: cookies are by host, and both are on one."""
    with httpx.Client(base_url=stack.gateways[1].url, cookies=student.cookies, timeout=30, trust_env=False) as client:
        yield client


@contextmanager
def running_answer(client: httpx.Client, message: str = "[[tokens=2000 rate=30]]") -> Iterator[dict[str, str]]:
    """An answer that is being written; stopped with the block. Gives its ids."""
    with client.stream("POST", "/api/chat/stream/", json={"message": message}, headers=csrf(client)) as answer:
        named = metadata_of([next(frames_of(answer.iter_lines()))])
        yield named
        client.post(f"/api/chat/{named['conversation_id']}/stop/", headers=csrf(client))


def test_who_has_asked_nothing_yet_has_nothing_to_follow(visitor: httpx.Client) -> None:
    assert visitor.get("/api/chat/live/").status_code == 204
    visitor.get("/api/session/")
    assert visitor.get("/api/chat/live/").status_code == 204


def test_a_page_learns_first_what_is_being_answered_and_then_its_end(student: httpx.Client) -> None:
    with running_answer(student) as named, Feed(student) as feed:
        assert feed.frames[0] == {"type": "answering", "conversations": [named]}
        student.post(f"/api/chat/{named['conversation_id']}/stop/", headers=csrf(student))
        finished = feed.frame("finished", generation_id=named["generation_id"])
    assert finished["state"] == "stopped"
    assert finished["title"] == "[[tokens=2000 rate=30]]"


def test_a_page_learns_of_an_answer_from_its_start_to_its_end(student: httpx.Client) -> None:
    with Feed(student) as feed:
        assert feed.frames[0]["conversations"] == []
        named = metadata_of(chat(student, "What is light? [[tokens=20]]"))
        finished = feed.frame("finished", generation_id=named["generation_id"])
        assert feed.frame("started") == {"type": "started", **named, "title": "What is light? [[tokens=20]]"}
    assert finished["state"] == "complete"
    assert feed.types_of(named["conversation_id"]) == ["started", "finished"]


def test_a_failed_answer_and_its_retry_are_two(student: httpx.Client) -> None:
    body = {"message": "[[tokens=9 fault=400,none]]", "client_message_id": str(uuid4())}
    with Feed(student) as feed:
        first = metadata_of(chat(student, **body))
        assert feed.frame("finished", generation_id=first["generation_id"])["state"] == "failed"
        again = metadata_of(chat(student, **body))
        assert feed.frame("finished", generation_id=again["generation_id"])["state"] == "complete"
    assert feed.types_of(first["conversation_id"]) == ["started", "finished"] * 2


def test_short_answers_of_another_gateway_are_told_once_each(student: httpx.Client, stack: Stack) -> None:
    with Feed(student) as feed, at_the_other(student, stack) as there:
        asked = [metadata_of(chat(there, "[[tokens=1 first=0]]")) for _ in range(12)]
        for named in asked:
            feed.frame("finished", generation_id=named["generation_id"], state="complete")
        assert all(feed.types_of(named["conversation_id"]) == ["started", "finished"] for named in asked)


def test_a_page_at_one_gateway_sees_what_another_is_answering(student: httpx.Client, stack: Stack) -> None:
    with at_the_other(student, stack) as there, running_answer(there) as named:
        with Feed(student) as late:
            assert late.frames[0] == {"type": "answering", "conversations": [named]}
        with Feed(student) as feed, running_answer(there) as second:
            feed.frame("started", generation_id=second["generation_id"])


def test_nobody_is_told_of_another_s_conversations(student: httpx.Client, stack: Stack) -> None:
    somebody = stack.client()
    with Feed(student) as feed:
        theirs = metadata_of(chat(somebody, "[[tokens=3]]"))
        with Feed(somebody) as their_feed:
            theirs_too = metadata_of(chat(somebody, "[[tokens=3]]"))
            their_feed.frame("finished", generation_id=theirs_too["generation_id"])
        ours = metadata_of(chat(student, "[[tokens=3]]"))
        feed.frame("finished", generation_id=ours["generation_id"])
    for named in (theirs, theirs_too):
        assert feed.types_of(named["conversation_id"]) == []


def test_a_new_name_reaches_the_other_pages(student: httpx.Client) -> None:
    named = metadata_of(chat(student, "[[tokens=3]]"))
    path = f"/api/conversations/{named['conversation_id']}/"
    with Feed(student) as feed:
        student.patch(path, json={"title": "Optics"}, headers=csrf(student))
        feed.frame("titled", conversation_id=named["conversation_id"], title="Optics")


def test_a_new_name_given_at_another_gateway_shortly_after_the_answer_arrives(
    student: httpx.Client, stack: Stack
) -> None:
    with Feed(student) as feed, at_the_other(student, stack) as there:
        named = metadata_of(chat(there, "[[tokens=3]]"))
        path = f"/api/conversations/{named['conversation_id']}/"
        feed.frame("finished", generation_id=named["generation_id"])
        there.patch(path, json={"title": "Optics"}, headers=csrf(student))
        feed.frame("titled", conversation_id=named["conversation_id"], title="Optics")
    assert feed.types_of(named["conversation_id"]) == ["started", "finished", "titled"]


def test_a_conversation_deleted_in_mid_answer_is_told_as_ended(student: httpx.Client) -> None:
    with Feed(student) as feed, running_answer(student) as named:
        feed.frame("started", generation_id=named["generation_id"])
        student.delete(f"/api/conversations/{named['conversation_id']}/", headers=csrf(student))
        assert feed.frame("finished", generation_id=named["generation_id"])["state"] == "stopped"


def test_above_the_limit_the_oldest_reader_ends_and_silence_is_filled(tmp_path: Path) -> None:
    limits = {"READERS_PER_USER_MAX": "2", "SSE_KEEPALIVE_SECONDS": "0.1"}
    with running_stack(tmp_path, gateway=limits) as own, own.client() as student, ExitStack() as reading:
        chat(student, "[[tokens=1]]")
        oldest, second = (reading.enter_context(Feed(student)) for _ in range(2))
        wait_until(lambda: second.comments > 1, what="keep-alives came", deadline_s=10)
        assert not oldest.ended.is_set()
        third = reading.enter_context(Feed(student))
        assert oldest.ended.wait(10)
        named = metadata_of(chat(student, "[[tokens=1]]"))
        for feed in (second, third):
            feed.frame("finished", generation_id=named["generation_id"])
        own.gateway.end()
        assert all(feed.ended.wait(10) for feed in (second, third))
