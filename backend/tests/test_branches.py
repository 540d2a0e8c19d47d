"""Edits, other answers and branches: nothing is replaced, and a model is told its own branch alone."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conversations import CHAT, ask, conversation_of, first_words, refused, sent, shown, switch
from tests.stack import Stack
from tests.streams import Frame, chat, csrf, frames_of, metadata_of, text_of, tokens


@pytest.fixture
def two_turns(visitor: httpx.Client) -> list[dict[str, Any]]:
    """Two questions with their answers."""
    first = ask(visitor, "One [[tokens=3]]")
    second = ask(visitor, "Two [[tokens=4]]", conversation_id=first["conversation"]["id"])
    return [first, second]


def test_a_prompt_after_an_earlier_answer_begins_a_branch(
    stack: Stack, visitor: httpx.Client, two_turns: list[dict[str, Any]]
) -> None:
    first, second = two_turns
    marker = uuid4().hex
    other = ask(
        visitor,
        f"{marker} [[tokens=5]]",
        conversation_id=first["conversation"]["id"],
        parent_id=first["assistant_message"]["id"],
    )
    assert first_words(sent(stack, marker)) == ["One", "t0", marker]
    assert shown(visitor, other) == [
        each[role]["id"] for each in (first, other) for role in ("user_message", "assistant_message")
    ]
    versions = [second["user_message"]["id"], other["user_message"]["id"]]
    assert other["user_message"]["siblings"] == {"ids": versions, "index": 1}
    assert other["assistant_message"]["siblings"] == {"ids": [other["assistant_message"]["id"]], "index": 0}


def test_switching_back_shows_the_other_branch_and_goes_on_there(
    stack: Stack, visitor: httpx.Client, two_turns: list[dict[str, Any]]
) -> None:
    first, second = two_turns
    named = {"conversation_id": first["conversation"]["id"]}
    other = ask(visitor, "Three [[tokens=5]]", parent_id=first["assistant_message"]["id"], **named)
    assert switch(visitor, first, second["user_message"]["id"]).status_code == 200
    assert shown(visitor, first)[2:] == [second["user_message"]["id"], second["assistant_message"]["id"]]
    marker = uuid4().hex
    ask(visitor, f"{marker} [[tokens=2]]", **named)
    assert first_words(sent(stack, marker)) == ["One", "t0", "Two", "t0", marker]
    # From a message that both branches share, the newest is found.
    switch(visitor, first, other["user_message"]["id"])
    switch(visitor, first, first["user_message"]["id"])
    assert first_words([{"content": message["text"]} for message in conversation_of(visitor, first)["messages"]]) == [
        "One", "t0", "Two", "t0", marker, "t0",
    ]  # fmt: skip


def test_only_a_message_of_the_conversation_can_be_switched_to(
    visitor: httpx.Client, two_turns: list[dict[str, Any]]
) -> None:
    elsewhere = ask(visitor, "[[tokens=1]]")
    for message_id in (elsewhere["user_message"]["id"], str(uuid4())):
        answer = switch(visitor, two_turns[0], message_id)
        assert (answer.status_code, answer.json()["code"]) == (404, "message_not_found")
    assert len(shown(visitor, two_turns[0])) == 4


@pytest.mark.parametrize("named", ["nothing", "its answer", "its question"])
def test_another_answer_to_the_same_question_stands_beside_the_first(
    stack: Stack, visitor: httpx.Client, named: str
) -> None:
    marker = uuid4().hex
    first = ask(visitor, "One [[tokens=3]]")
    last = ask(visitor, f"{marker} [[tokens=4]]", conversation_id=first["conversation"]["id"])
    target = {"nothing": None, "its answer": last["assistant_message"], "its question": last["user_message"]}[named]
    again = ask(
        visitor,
        trigger="regenerate",
        conversation_id=first["conversation"]["id"],
        **({"parent_id": target["id"]} if target else {}),
    )
    assert again["user_message"]["id"] == last["user_message"]["id"]
    versions = [last["assistant_message"]["id"], again["assistant_message"]["id"]]
    assert again["assistant_message"]["siblings"] == {"ids": versions, "index": 1}
    assert shown(visitor, first)[3] == versions[1]
    assert first_words(sent(stack, marker, number=1)) == ["One", "t0", marker]
    switch(visitor, first, versions[0])
    assert shown(visitor, first)[3] == versions[0]


def test_an_earlier_answer_is_made_again_on_a_branch_of_its_own(
    visitor: httpx.Client, two_turns: list[dict[str, Any]]
) -> None:
    first, second = two_turns
    again = ask(
        visitor,
        trigger="regenerate",
        conversation_id=first["conversation"]["id"],
        parent_id=first["assistant_message"]["id"],
    )
    assert shown(visitor, first) == [first["user_message"]["id"], again["assistant_message"]["id"]]
    switch(visitor, first, first["assistant_message"]["id"])
    assert shown(visitor, first)[3] == second["assistant_message"]["id"]


def test_while_one_is_made_again_a_second_wish_names_it_to_be_followed(visitor: httpx.Client) -> None:
    first = ask(visitor, "[[tokens=40 rate=40]]")
    body = {"trigger": "regenerate", "conversation_id": first["conversation"]["id"]}
    with visitor.stream("POST", "/api/chat/stream/", json=body, headers=csrf(visitor)) as answer:
        started = next(frames_of(answer.iter_lines()))
        running = conversation_of(visitor, first)["generation"]
        again = visitor.post(CHAT, json=body, headers=csrf(visitor))
    assert (again.status_code, again.json()["code"]) == (409, "generation_running")
    assert again.json()["generation_id"] == running["id"] == started.data["messageMetadata"]["generation_id"]
    assert running["answer_id"] == started.data["messageId"]
    with visitor.stream("GET", f"/api/chat/{first['conversation']['id']}/stream/") as answer:
        assert text_of(frames_of(answer.iter_lines())) == tokens(40)
    assert len(conversation_of(visitor, first)["messages"][1]["siblings"]["ids"]) == 2


def test_the_branch_of_an_answer_that_is_being_written_can_be_left_and_found_again(visitor: httpx.Client) -> None:
    first = ask(visitor, "[[fault=none,hang tokens=3]]")
    body = {"trigger": "regenerate", "conversation_id": first["conversation"]["id"]}
    with visitor.stream("POST", "/api/chat/stream/", json=body, headers=csrf(visitor)) as answer:
        started = next(frames_of(answer.iter_lines()))
        assert shown(visitor, first) == [first["user_message"]["id"]]
        switch(visitor, first, first["assistant_message"]["id"])
        assert len(shown(visitor, first)) == 2
        switch(visitor, first, started.data["messageId"])
        assert shown(visitor, first) == [first["user_message"]["id"]]
        switch(visitor, first, first["assistant_message"]["id"])
        visitor.post(f"/api/chat/{first['conversation']['id']}/stop/", headers=csrf(visitor))
    assert shown(visitor, first)[1] == first["assistant_message"]["id"]


def test_a_known_id_with_another_text_is_an_edit_beside_the_first(stack: Stack, visitor: httpx.Client) -> None:
    first = ask(visitor, "One [[tokens=3]]")
    named = {"client_message_id": str(uuid4()), "conversation_id": first["conversation"]["id"]}
    before = ask(visitor, "Tow [[tokens=4]]", **named)
    marker = uuid4().hex
    edit = {"message": f"{marker} [[tokens=5]]", **named}
    after = ask(visitor, **edit)
    versions = [before["user_message"]["id"], after["user_message"]["id"]]
    assert after["user_message"]["siblings"] == {"ids": versions, "index": 1}
    assert after["user_message"]["parent_id"] == before["user_message"]["parent_id"]
    assert after["user_message"]["client_message_id"] == named["client_message_id"]
    assert first_words(sent(stack, marker)) == ["One", "t0", marker]
    assert shown(visitor, first)[2] == versions[1]
    # Sent once more, each text finds its own answer, and nothing is added.
    assert ask(visitor, **edit) == after
    assert ask(visitor, "Tow [[tokens=4]]", **named)["assistant_message"]["id"] == before["assistant_message"]["id"]
    assert len(conversation_of(visitor, first)["messages"][2]["siblings"]["ids"]) == 2


def test_a_prompt_that_the_client_gave_no_id_is_edited_by_ours(visitor: httpx.Client) -> None:
    first = ask(visitor, "One [[tokens=3]]")
    assert first["user_message"]["client_message_id"] == first["user_message"]["id"]
    edited = ask(visitor, "Two [[tokens=3]]", client_message_id=first["user_message"]["id"])
    assert edited["conversation"] == first["conversation"]
    assert edited["user_message"]["siblings"]["ids"][0] == first["user_message"]["id"]
    assert shown(visitor, first) == [edited["user_message"]["id"], edited["assistant_message"]["id"]]


def test_a_prompt_is_also_known_by_our_id_when_the_client_gave_one(visitor: httpx.Client) -> None:
    first = ask(visitor, "One [[tokens=3]]", client_message_id="of-the-client")
    edited = ask(visitor, "Two [[tokens=3]]", client_message_id=first["user_message"]["id"])
    assert edited["user_message"]["client_message_id"] == "of-the-client"
    assert edited["user_message"]["siblings"]["index"] == 1


def test_the_id_of_a_prompt_is_of_no_use_in_another_place(
    visitor: httpx.Client, two_turns: list[dict[str, Any]]
) -> None:
    first, second = two_turns
    known = {"message": "One [[tokens=3]]", "client_message_id": first["user_message"]["id"]}
    elsewhere = ask(visitor, "[[tokens=1]]")["conversation"]["id"]
    for place in (
        {"conversation_id": elsewhere},
        {"conversation_id": first["conversation"]["id"], "parent_id": second["assistant_message"]["id"]},
    ):
        assert refused(visitor, **known, **place) == (409, "message_id_reused")


def test_what_a_branch_cannot_begin_with_is_refused(visitor: httpx.Client, two_turns: list[dict[str, Any]]) -> None:
    first, _ = two_turns
    here = {"conversation_id": first["conversation"]["id"]}
    again = {"trigger": "regenerate", **here}
    elsewhere = ask(visitor, "[[tokens=1]]")
    question, answer = first["user_message"]["id"], elsewhere["assistant_message"]["id"]
    assert refused(visitor, message="hi", parent_id=question, **here) == (422, "parent_is_no_answer")
    assert refused(visitor, message="hi", parent_id=answer, **here) == (404, "message_not_found")
    assert refused(visitor, message="hi", parent_id=answer) == (422, "invalid_input")
    assert refused(visitor, parent_id=answer, **again) == (404, "message_not_found")
    assert refused(visitor, message="hi", **again) == (422, "invalid_input")
    assert refused(visitor, document_ids=[str(uuid4())], **again) == (422, "invalid_input")
    assert refused(visitor, trigger="regenerate") == (422, "invalid_input")
    assert refused(visitor, trigger="regenerate", conversation_id=str(uuid4())) == (404, "conversation_not_found")
    assert len(conversation_of(visitor, first)["messages"]) == 4


def test_a_retry_is_a_new_answer_to_the_same_prompt(visitor: httpx.Client) -> None:
    body = {"message": "[[tokens=9 fault=400,none]]", "client_message_id": str(uuid4())}
    failed: list[Frame] = chat(visitor, **body)
    again = ask(visitor, **body)
    assert again["assistant_message"]["siblings"] == {
        "ids": [failed[0].data["messageId"], again["assistant_message"]["id"]],
        "index": 1,
    }
    assert again["user_message"]["id"] == metadata_of(failed)["user_message_id"]


def test_what_was_stopped_is_answered_anew_when_it_is_sent_again(visitor: httpx.Client) -> None:
    body = {"message": "[[tokens=9 fault=hang,none]]", "client_message_id": str(uuid4())}
    with visitor.stream("POST", "/api/chat/stream/", json=body) as answer:
        started = next(frames_of(answer.iter_lines()))
        conversation_id = started.data["messageMetadata"]["conversation_id"]
        visitor.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(visitor))
    again = ask(visitor, **body)
    assert again["assistant_message"]["text"] == tokens(9)
    assert again["assistant_message"]["siblings"]["ids"][0] == started.data["messageId"]
