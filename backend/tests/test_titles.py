"""A conversation is named by the model after its first answer, beside it and never in its way."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from apps.chat.services.titling import AT_ONCE_MAX
from tests.feeds import Feed
from tests.stack import Stack, running_stack, wait_until
from tests.streams import chat, csrf, metadata_of

ANSWER = "Plants turn light into sugar."


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("titles"), gateway={"CHAT_TITLES": "on"}) as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_queued(stack: Stack) -> None:
    """What an earlier test left is no answer to this one."""
    stack.provider.clear_log()


def title_of(client: httpx.Client, conversation_id: str) -> str:
    return str(client.get(f"/api/conversations/{conversation_id}/").json()["title"])


def ask(stack: Stack, client: httpx.Client, question: str, *answers: str, **fields: str) -> str:
    """Ask what the provider answers with the first of `answers`; the others are for what is asked afterwards."""
    stack.provider.queue(*answers)
    return str(metadata_of(chat(client, question, **fields))["conversation_id"])


def title_request(stack: Stack, question: str, *, ended: bool = True) -> dict[str, Any]:
    """The request for a title of a conversation that began with `question`, waited for."""
    return stack.provider.entry_when(
        lambda entry: (
            f"<question>\n{question}" in entry["messages"][-1]["content"] and (entry["closed_by"] or not ended)
        )
    )


def test_the_first_answer_gives_a_conversation_its_title(stack: Stack, visitor: httpx.Client) -> None:
    chat(visitor, "[[tokens=1]]")
    question = f"How do plants eat? {uuid4().hex}"
    with Feed(visitor) as feed:
        conversation_id = ask(stack, visitor, question, ANSWER, '**"How plants eat."**')
        feed.frame("titled", conversation_id=conversation_id, title="How plants eat")
    assert title_of(visitor, conversation_id) == "How plants eat"
    asked = title_request(stack, question)
    assert ANSWER in str(asked["messages"])
    assert asked["body"]["max_tokens"] <= 50


def test_only_the_first_answer_does(stack: Stack, visitor: httpx.Client) -> None:
    conversation_id = ask(stack, visitor, "How do plants eat?", ANSWER, "How plants eat")
    wait_until(lambda: title_of(visitor, conversation_id) == "How plants eat", what="the title came")
    before = len(stack.provider.log())
    ask(stack, visitor, "And at night?", "They rest.", conversation_id=conversation_id)
    marker = uuid4().hex
    other = ask(stack, visitor, marker, ANSWER, "Another")
    wait_until(lambda: title_of(visitor, other) == "Another", what="the other title came")
    assert len(stack.provider.log()) == before + 3
    assert title_of(visitor, conversation_id) == "How plants eat"


def test_a_title_waits_for_nobody_and_a_failure_leaves_the_first_line(stack: Stack, visitor: httpx.Client) -> None:
    question = f"How do plants drink? {uuid4().hex}"
    conversation_id = ask(stack, visitor, question, ANSWER, "[[fault=400]]")
    title_request(stack, question)
    assert title_of(visitor, conversation_id) == question
    log = stack.gateway.log
    wait_until(lambda: f"conversation={conversation_id} keeps its title" in log.read_text(), what="the log says so")
    assert question not in log.read_text()


def test_what_a_person_wrote_meanwhile_stays(stack: Stack, visitor: httpx.Client) -> None:
    question = f"How do plants sleep? {uuid4().hex}"
    conversation_id = ask(stack, visitor, question, ANSWER, "[[tokens=3 first=1.5]]")
    title_request(stack, question, ended=False)
    visitor.patch(f"/api/conversations/{conversation_id}/", json={"title": "Biology"}, headers=csrf(visitor))
    title_request(stack, question)
    marker = uuid4().hex
    other = ask(stack, visitor, marker, ANSWER, "Another")
    wait_until(lambda: title_of(visitor, other) == "Another", what="the next title came")
    assert title_of(visitor, conversation_id) == "Biology"


def test_a_conversation_keeps_its_place_in_the_list(stack: Stack, visitor: httpx.Client) -> None:
    question = f"How do plants eat? {uuid4().hex}"
    first = ask(stack, visitor, question, ANSWER, "[[tokens=3 first=0.5]]")
    title_request(stack, question, ended=False)
    ask(stack, visitor, f"And {uuid4().hex}?", ANSWER, "[[fault=400]]")
    wait_until(lambda: title_of(visitor, first) == "t0 t1 t2", what="the title came")
    assert [item["id"] for item in visitor.get("/api/conversations/").json()["items"]][-1] == first


def test_above_the_bound_no_title_is_made(stack: Stack) -> None:
    client = stack.client()
    questions = [f"How do plants eat? {uuid4().hex}" for _ in range(AT_ONCE_MAX)]
    for question in questions:
        ask(stack, client, question, ANSWER, "[[tokens=3 first=3]]")
        title_request(stack, question, ended=False)  # before the next answer could take what is meant for it
    one_more = ask(stack, client, "And animals?", ANSWER)
    for question in questions:
        title_request(stack, question)
    later = ask(stack, client, "And stones?", ANSWER, "How stones eat")
    wait_until(lambda: title_of(client, later) == "How stones eat", what="the later title came")
    assert title_of(client, one_more) == "And animals?"


def test_a_weak_model_is_not_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("weak")
    weak = {"LOCAL_LLM_EMBEDDED": "true"}
    with running_stack(folder, worker=weak, gateway={"CHAT_TITLES": "on"}) as own, own.client() as client:
        for _ in range(2):
            assert title_of(client, ask(own, client, "How do plants eat?", ANSWER)) == "How do plants eat?"
        assert len(own.provider.log()) == 2
