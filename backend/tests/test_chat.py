"""Asking, reading, stopping, coming back: through the HTTP API, against the fake provider's numbered tokens."""

import threading
from typing import Any
from uuid import uuid4

import httpx

from tests.stack import Stack
from tests.streams import DONE, Frame, chat, csrf, frames_of, metadata_of, text_of, tokens, types_of


def conversation(client: httpx.Client, frames: list[Frame]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/conversations/{metadata_of(frames)['conversation_id']}/").json()
    return found


def test_every_token_arrives_once_and_in_order_and_is_saved(visitor: httpx.Client) -> None:
    frames = chat(visitor, "[[tokens=120 rate=400]]")
    assert text_of(frames) == tokens(120)
    assert types_of(frames) == [
        "start",
        "start-step",
        "message-metadata",
        "text-start",
        "text-delta",
        "text-end",
        "finish-step",
        "finish",
        "[DONE]",
    ]
    saved = conversation(visitor, frames)["messages"]
    assert [message["role"] for message in saved] == ["user", "assistant"]
    assert saved[1]["text"] == tokens(120)
    assert saved[1]["id"] == frames[0].data["messageId"]
    assert saved[1]["state"] == "complete"
    assert saved[1]["usage"]["output_tokens"] == 120


def test_frames_are_numbered_without_gaps(visitor: httpx.Client) -> None:
    frames = chat(visitor, "[[tokens=30]]")[:-1]
    assert [frame.id for frame in frames] == [f"1-{number}" for number in range(1, len(frames) + 1)]


def test_the_stream_begins_before_the_provider_has_said_anything(visitor: httpx.Client) -> None:
    with visitor.stream("POST", "/api/chat/stream/", json={"message": "[[fault=hang]]"}) as answer:
        first = next(frames_of(answer.iter_lines()))
        assert first.type == "start"
    found = visitor.get(f"/api/conversations/{first.data['messageMetadata']['conversation_id']}/").json()
    assert found["generation"]["state"] == "running"
    assert [message["role"] for message in found["messages"]] == ["user"]
    visitor.post(f"/api/chat/{found['id']}/stop/", headers=csrf(visitor))


def test_a_whole_answer_comes_with_both_messages(visitor: httpx.Client) -> None:
    reply = visitor.post("/api/chat/", json={"message": "What is light? [[tokens=20]]"}).json()
    assert reply["user_message"]["text"] == "What is light? [[tokens=20]]"
    assert reply["assistant_message"]["text"] == tokens(20)
    assert reply["assistant_message"]["parent_id"] == reply["user_message"]["id"]
    assert reply["conversation"]["title"] == "What is light? [[tokens=20]]"


def test_both_spellings_of_a_path_answer_without_a_redirect(visitor: httpx.Client) -> None:
    assert visitor.post("/api/chat", json={"message": "[[tokens=2]]"}).status_code == 200
    assert visitor.get("/api/conversations").status_code == 200


def test_the_next_prompt_carries_the_conversation(stack: Stack, visitor: httpx.Client) -> None:
    first = chat(visitor, "My name is Ada. [[tokens=3]]")
    marker = uuid4().hex
    chat(visitor, f"{marker} [[tokens=3]]", conversation_id=metadata_of(first)["conversation_id"])
    sent = stack.provider.entry_when(lambda entry: marker in str(entry["messages"]))["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    assert sent[1]["content"].startswith("My name is Ada.")
    assert sent[2]["content"] == tokens(3)


def test_a_reader_who_leaves_finds_the_whole_answer(visitor: httpx.Client) -> None:
    with visitor.stream("POST", "/api/chat/stream/", json={"message": "[[tokens=60 rate=60]]"}) as answer:
        lines = frames_of(answer.iter_lines())
        conversation_id = next(lines).data["messageMetadata"]["conversation_id"]
        while next(lines).type != "text-delta":
            pass
    with visitor.stream("GET", f"/api/chat/{conversation_id}/stream/") as answer:
        followed = list(frames_of(answer.iter_lines()))
    assert text_of(followed) == tokens(60)
    assert followed[-1] == DONE
    assert visitor.get(f"/api/conversations/{conversation_id}/").json()["messages"][1]["text"] == tokens(60)


def test_a_reader_that_comes_back_gets_what_it_has_not_seen_of_its_own_answer(visitor: httpx.Client) -> None:
    first = chat(visitor, "[[tokens=30]]")
    named = metadata_of(first)
    second = chat(visitor, "[[tokens=30]]", conversation_id=named["conversation_id"])
    path = f"/api/chat/{named['conversation_id']}/stream/"

    def follow(generation_id: str) -> list[Frame]:
        where = {"Last-Event-ID": second[4].id}
        with visitor.stream("GET", path, params={"generation_id": generation_id}, headers=where) as answer:
            return list(frames_of(answer.iter_lines()))

    assert follow(metadata_of(second)["generation_id"]) == second[5:]
    assert follow(named["generation_id"]) == second  # that place was in another answer


def test_following_where_nothing_was_asked_is_an_empty_answer(visitor: httpx.Client) -> None:
    unknown = visitor.get(f"/api/chat/{uuid4()}/stream/")
    assert unknown.status_code == 404


def test_stop_keeps_what_was_sent_and_closes_the_provider_within_a_second(stack: Stack, visitor: httpx.Client) -> None:
    marker = uuid4().hex
    seen: list[Frame] = []
    started = threading.Event()

    def read() -> None:
        body = {"message": f"{marker} [[tokens=2000 rate=50]]"}
        with visitor.stream("POST", "/api/chat/stream/", json=body) as answer:
            for frame in frames_of(answer.iter_lines()):
                seen.append(frame)
                if frame.type == "text-delta":
                    started.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert started.wait(10)
    conversation_id = metadata_of(seen)["conversation_id"]
    stopped = visitor.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(visitor)).json()["message"]
    reader.join(10)
    entry = stack.provider.entry_when(lambda entry: marker in str(entry["messages"]) and entry["closed_by"])
    assert entry["closed_by"] == "client"
    assert stopped["state"] == "stopped"
    assert stopped["text"] == text_of(seen)
    assert tokens(2000).startswith(stopped["text"])
    assert [frame.type for frame in seen[-2:]] == ["abort", "[DONE]"]
    again = visitor.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(visitor)).json()["message"]
    assert again == stopped


def test_a_prompt_sent_twice_is_one_prompt(stack: Stack, visitor: httpx.Client) -> None:
    visitor.get("/api/session/")
    body = {"message": f"{uuid4().hex} [[tokens=5]]", "client_message_id": str(uuid4())}
    first = visitor.post("/api/chat/", json=body, headers=csrf(visitor)).json()
    second = visitor.post("/api/chat/", json=body, headers=csrf(visitor)).json()
    assert first == second
    assert text_of(chat(visitor, **body)) == tokens(5)
    assert len(visitor.get("/api/conversations/").json()["items"]) == 1


def test_a_second_prompt_while_one_is_answered_is_a_conflict(visitor: httpx.Client) -> None:
    with visitor.stream("POST", "/api/chat/stream/", json={"message": "[[fault=hang]]"}) as answer:
        started = next(frames_of(answer.iter_lines())).data["messageMetadata"]
        body = {"message": "And?", "conversation_id": started["conversation_id"]}
        refused = visitor.post("/api/chat/", json=body, headers=csrf(visitor))
    assert refused.status_code == 409
    assert refused.json()["code"] == "generation_running"
    assert refused.json()["generation_id"] == started["generation_id"]
    visitor.post(f"/api/chat/{started['conversation_id']}/stop/", headers=csrf(visitor))


def test_a_failed_answer_is_kept_and_retried_without_a_second_prompt(visitor: httpx.Client) -> None:
    body = {"message": "[[tokens=30 fault=cut at=7]]", "client_message_id": str(uuid4())}
    frames = chat(visitor, **body)
    assert [frame.type for frame in frames[-3:]] == ["data-problem", "error", "[DONE]"]
    failed = conversation(visitor, frames)["messages"][-1]
    assert failed["state"] == "failed"
    assert failed["text"] == text_of(frames)
    assert failed["error"]["code"] == frames[-3].data["data"]["code"]
    again = chat(visitor, **body)
    assert metadata_of(again)["user_message_id"] == metadata_of(frames)["user_message_id"]
    assert metadata_of(again)["generation_id"] != metadata_of(frames)["generation_id"]
    assert [message["role"] for message in conversation(visitor, again)["messages"]] == ["user", "assistant"]


def test_conversations_are_listed_newest_first_by_pages(visitor: httpx.Client) -> None:
    for number in range(5):
        chat(visitor, f"Question {number} [[tokens=1]]")
    page = visitor.get("/api/conversations/?limit=3").json()
    rest = visitor.get("/api/conversations/", params={"limit": 3, "cursor": page["next_cursor"]}).json()
    titles = [item["title"] for item in page["items"] + rest["items"]]
    assert titles == [f"Question {number} [[tokens=1]]" for number in (4, 3, 2, 1, 0)]
    assert rest["next_cursor"] is None


def test_a_long_conversation_is_read_in_pages_from_its_end(visitor: httpx.Client) -> None:
    conversation_id = metadata_of(chat(visitor, "0 [[tokens=1]]"))["conversation_id"]
    for number in range(1, 4):
        chat(visitor, f"{number} [[tokens=1]]", conversation_id=conversation_id)
    end = visitor.get(f"/api/conversations/{conversation_id}/?limit=3").json()
    above = visitor.get(f"/api/conversations/{conversation_id}/?limit=50&before={end['previous_cursor']}").json()
    texts = [message["text"] for message in above["messages"] + end["messages"] if message["role"] == "user"]
    assert [text[0] for text in texts] == ["0", "1", "2", "3"]
    assert above["previous_cursor"] is None


def test_a_conversation_is_renamed_pinned_and_deleted(visitor: httpx.Client) -> None:
    conversation_id = metadata_of(chat(visitor, "[[tokens=1]]"))["conversation_id"]
    path = f"/api/conversations/{conversation_id}/"
    changed = visitor.patch(path, json={"title": "Optics", "pinned": True}, headers=csrf(visitor)).json()
    assert (changed["title"], changed["pinned"], changed["archived"]) == ("Optics", True, False)
    assert visitor.delete(path, headers=csrf(visitor)).status_code == 204
    assert visitor.get(path).status_code == 404


def test_deleting_while_an_answer_is_written_stops_it(stack: Stack, visitor: httpx.Client) -> None:
    marker = uuid4().hex
    with visitor.stream("POST", "/api/chat/stream/", json={"message": f"{marker} [[tokens=900 rate=30]]"}) as answer:
        started = next(frames_of(answer.iter_lines())).data["messageMetadata"]
        stack.provider.entry_when(lambda entry: marker in str(entry["messages"]))
        path = f"/api/conversations/{started['conversation_id']}/"
        assert visitor.delete(path, headers=csrf(visitor)).status_code == 204
    entry = stack.provider.entry_when(lambda entry: marker in str(entry["messages"]) and entry["closed_by"])
    assert entry["closed_by"] == "client"


def test_models_say_what_can_answer(visitor: httpx.Client) -> None:
    models = visitor.get("/api/models/").json()
    assert models["default"] == "local"
    assert models["providers"][0]["abilities"]["stream"] is True
    assert set(models["providers"][0]["abilities"]) == {"stream", "json_schema", "images", "continue"}
