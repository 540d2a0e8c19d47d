"""An answer that was cut is gone on with: a version beside it that begins with its text; each says how it came."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from fake_provider.directive import answer_option
from tests.conversations import ask, conversation_of, refused, shown
from tests.stack import Stack
from tests.streams import DONE, Frame, chat, csrf, frames_of, metadata_of, text_of, tokens


@contextmanager
def streaming(client: httpx.Client, **body: Any) -> Iterator[tuple[list[Frame], Iterator[Frame]]]:
    """What came up to the first text, and the rest."""
    with client.stream("POST", "/api/chat/stream/", json=body, headers=csrf(client)) as answer:
        assert answer.status_code == 200, answer.read()
        frames = frames_of(answer.iter_lines())
        seen = [next(frames)]
        while seen[-1].type != "text-delta":
            seen.append(next(frames))
        yield seen, frames


def stopped(client: httpx.Client, message: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An answer that was stopped after its first words, and the names of conversation and answer. Any: JSON."""
    with streaming(client, message=message) as (seen, rest):
        while len(text_of(seen)) < 60:
            seen.append(next(rest))
        conversation_id = metadata_of(seen)["conversation_id"]
        told = client.post(f"/api/chat/{conversation_id}/stop/", json={}, headers=csrf(client)).json()["message"]
    return told, {"conversation_id": conversation_id, "parent_id": told["id"]}


def test_a_stopped_answer_goes_on_from_its_last_word(stack: Stack, visitor: httpx.Client) -> None:
    marker = uuid4().hex
    old, named = stopped(visitor, f"{marker} [[tokens=120 rate=40]]")
    assert old["receipt"]["first_token_ms"] <= old["receipt"]["total_ms"]
    assert old["receipt"]["tries"] == []
    with streaming(visitor, trigger="continue", **named) as (seen, rest):
        assert text_of(seen) == old["text"]  # before anybody was asked
        again = visitor.post("/api/chat/", json={"trigger": "continue", **named}, headers=csrf(visitor))
        assert (again.status_code, again.json()["code"]) == (409, "generation_running")
        assert again.json()["generation_id"] == metadata_of(seen)["generation_id"]
        seen.extend(rest)
    assert text_of(seen) == tokens(120)
    assert seen[-1] == DONE
    messages = conversation_of(visitor, {"conversation": {"id": named["conversation_id"]}})["messages"]
    new = messages[-1]
    assert len(messages) == 2
    assert (new["text"], new["state"], new["parent_id"]) == (tokens(120), "complete", old["parent_id"])
    assert new["siblings"] == {"ids": [old["id"], new["id"]], "index": 1}
    # What it took is told of the rest alone.
    assert new["usage"]["output_tokens"] == 120 - old["text"].count(" ")
    assert seen[-2].data["messageMetadata"]["receipt"] == new["receipt"]
    assert [each["outcome"] for each in new["receipt"]["tries"]] == ["ok"]
    assert 0 <= new["receipt"]["first_token_ms"] <= new["receipt"]["total_ms"]
    entries = [entry for entry in stack.provider.log() if marker in str(entry["messages"])]
    assert [entry["messages"][-2]["content"] for entry in entries[1:]] == [old["text"]]


def test_an_answer_that_was_cut_at_its_length_goes_on(visitor: httpx.Client) -> None:
    parts = answer_option(tokens(20), tokens(40).removeprefix(tokens(20)))
    old = ask(visitor, f"[[fault=length,none {parts}]]")
    assert old["assistant_message"]["finish_reason"] == "length"
    named = {"conversation_id": old["conversation"]["id"], "parent_id": old["assistant_message"]["id"]}
    new = ask(visitor, trigger="continue", **named)["assistant_message"]
    assert (new["text"], new["finish_reason"]) == (tokens(40), "stop")
    assert shown(visitor, old)[-1] == new["id"]
    assert refused(visitor, trigger="continue", **{**named, "parent_id": new["id"]}) == (409, "continue_not_possible")


def test_what_cannot_be_gone_on_with_is_refused(stack: Stack, visitor: httpx.Client) -> None:
    whole = ask(visitor, "[[tokens=3]]")
    named = {"conversation_id": whole["conversation"]["id"], "parent_id": whole["assistant_message"]["id"]}
    assert refused(visitor, trigger="continue", **named) == (409, "continue_not_possible")
    question = {**named, "parent_id": whole["user_message"]["id"]}
    assert refused(visitor, trigger="continue", **question) == (404, "message_not_found")
    for missing in ({"conversation_id": named["conversation_id"]}, {"parent_id": named["parent_id"]}):
        assert refused(visitor, trigger="continue", **missing) == (422, "invalid_input")
    assert refused(visitor, trigger="continue", message="more", **named) == (422, "invalid_input")
    _, cut = stopped(visitor, "[[tokens=200 rate=40]]")
    other = stack.client()
    own = ask(other, "[[tokens=1]]")
    assert refused(other, trigger="continue", **cut) == (404, "conversation_not_found")
    foreign = {**cut, "conversation_id": own["conversation"]["id"]}
    assert refused(other, trigger="continue", **foreign) == (404, "message_not_found")


def test_a_receipt_tells_every_try(visitor: httpx.Client) -> None:
    frames = chat(visitor, "[[tokens=5 fault=503,none retry_after=0]]")
    receipt = frames[-2].data["messageMetadata"]["receipt"]
    first, second = receipt["tries"]
    assert (first["first_token_ms"], second["outcome"]) == (None, "ok")
    assert first["outcome"] != "ok"
    assert {(each["provider"], each["model"]) for each in (first, second)} == {("local", "fake")}
    assert second["first_token_ms"] <= receipt["first_token_ms"] <= receipt["total_ms"]
