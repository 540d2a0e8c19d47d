"""An answer ends whole whatever dies meanwhile, and any gateway serves any reader: real processes, killed for real."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.postgres import running_postgres
from tests.stack import Stack, running_stack, wait_until
from tests.streams import DONE, Frame, chat, csrf, frames_of, metadata_of, text_of, tokens

pytestmark = pytest.mark.waits

LEASE_SECONDS = 2.0
SETTINGS = {"GENERATION_LEASE_SECONDS": str(LEASE_SECONDS), "DRAIN_SECONDS": "0.5", "READERS_PER_USER_MAX": "3"}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One gateway; tests that end it start it again."""
    with running_stack(tmp_path_factory.mktemp("one"), gateway=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Two gateways that share a database; a test that pauses one has it go on."""
    # On Postgres: what is paused in the middle of a write to SQLite holds its one lock for as long as it is paused.
    with (
        running_postgres() as postgres,
        running_stack(
            tmp_path_factory.mktemp("two"), gateway=SETTINGS, gateways=2, database_url=postgres.url
        ) as running,
    ):
        yield running


def same_visitor(stack: Stack, client: httpx.Client, *, gateway: int) -> httpx.Client:
    other = stack.client(gateway=gateway)
    for name, value in client.cookies.items():
        other.cookies.set(name, value, domain="127.0.0.1")
    return other


@contextmanager
def asking(client: httpx.Client, message: str, **fields: Any) -> Iterator[tuple[list[Frame], Iterator[Frame]]]:
    """What was read up to the first word of the answer, and the rest."""
    body = {"message": message, **fields}
    with client.stream("POST", "/api/chat/stream/", json=body, headers=csrf(client)) as answer:
        lines = frames_of(answer.iter_lines())
        seen = [next(lines)]
        while seen[-1].type != "text-delta":
            seen.append(next(lines))
        yield seen, lines


def read_until(frames: Iterator[Frame], seen: list[Frame], *, chars: int) -> None:
    while len(text_of(seen)) < chars:
        seen.append(next(frames))


def follow_to_the_end(client: httpx.Client, conversation_id: str, *, deadline_s: float = 30) -> list[Frame]:
    """Follow again and again, as the page does, and return the frames of the connection that had the end."""
    deadline = time.monotonic() + deadline_s
    while time.monotonic() < deadline:
        try:
            with client.stream("GET", f"/api/chat/{conversation_id}/stream/") as answer:
                assert answer.status_code == 200, answer.status_code
                frames = list(frames_of(answer.iter_lines()))
        except httpx.TransportError:
            frames = []
        if frames and frames[-1] == DONE:
            return frames
        threading.Event().wait(0.05)
    raise TimeoutError("the answer has not ended")


def saved_messages(client: httpx.Client, conversation_id: str) -> list[dict[str, Any]]:
    found = client.get(f"/api/conversations/{conversation_id}/").json()
    assert found["generation"] is None
    messages: list[dict[str, Any]] = found["messages"]
    return messages


def requests_of(stack: Stack, marker: str) -> list[dict[str, Any]]:
    return [entry for entry in stack.provider.log() if marker in str(entry["messages"])]


def test_an_answer_goes_on_after_the_gateway_was_killed_and_started_again(one: Stack) -> None:
    client, marker = one.client(), uuid4().hex
    with asking(client, f"{marker} [[tokens=120 rate=40]]") as (seen, rest):
        read_until(rest, seen, chars=150)
        one.gateway.kill()
        with pytest.raises(httpx.TransportError):
            seen.extend(rest)
    conversation_id = metadata_of(seen)["conversation_id"]
    one.gateway.start()
    frames = follow_to_the_end(client, conversation_id)
    assert text_of(frames) == tokens(120)
    assert frames[0].id == "2-1"
    assert frames[0].data["messageId"] == seen[0].data["messageId"]
    messages = saved_messages(client, conversation_id)
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert messages[1]["state"] == "complete"
    assert messages[1]["text"] == tokens(120)
    _, second = requests_of(one, marker)
    written = second["messages"][-2]["content"]
    assert len(written) > 40
    assert tokens(120).startswith(written)


def test_the_continuation_of_a_stopped_answer_outlives_the_gateway_too(one: Stack) -> None:
    client = one.client()
    with asking(client, "[[tokens=160 rate=40]]") as (seen, rest):
        read_until(rest, seen, chars=100)
        named = {"conversation_id": metadata_of(seen)["conversation_id"]}
        stop = client.post(f"/api/chat/{named['conversation_id']}/stop/", json={}, headers=csrf(client))
        old = stop.json()["message"]
    body = {"trigger": "continue", "parent_id": old["id"], **named}
    with client.stream("POST", "/api/chat/stream/", json=body, headers=csrf(client)) as answer:
        rest, seen = frames_of(answer.iter_lines()), []
        read_until(rest, seen, chars=len(old["text"]) + 100)
        one.gateway.kill()
        with pytest.raises(httpx.TransportError):
            seen.extend(rest)
    one.gateway.start()
    frames = follow_to_the_end(client, named["conversation_id"])
    assert frames[0].id == "2-1"
    assert text_of(frames) == tokens(160)
    new = saved_messages(client, named["conversation_id"])[-1]
    assert (new["text"], new["siblings"]["ids"]) == (tokens(160), [old["id"], new["id"]])


def test_a_drain_hands_over_what_it_cannot_end(one: Stack) -> None:
    client = one.client()
    with asking(client, "[[tokens=200 rate=40]]") as (seen, rest):
        read_until(rest, seen, chars=150)
        one.gateway.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]  # it runs
        seen.extend(rest)
    one.gateway.process.wait(15)  # type: ignore[union-attr]  # it ran
    assert seen[-1].type == "text-delta"  # no last word: the page knows that there is more
    one.gateway.start()
    frames = follow_to_the_end(client, metadata_of(seen)["conversation_id"])
    assert text_of(frames) == tokens(200)
    assert text_of(frames).startswith(text_of(seen))
    assert saved_messages(client, metadata_of(seen)["conversation_id"])[1]["text"] == tokens(200)


def test_a_worker_that_is_killed_and_started_again_costs_no_word(one: Stack) -> None:
    client = one.client()
    with asking(client, "[[tokens=120 rate=40]]") as (seen, rest):
        read_until(rest, seen, chars=100)
        one.worker.kill_all()
        one.worker.start(wait=False)
        seen.extend(rest)
    assert text_of(seen) == tokens(120)
    assert seen[-1] == DONE
    assert [frame.data["data"]["code"] for frame in seen if frame.type == "data-notice"] == ["worker_away"]
    assert [frame.type for frame in seen].count("text-start") == 1
    assert saved_messages(client, metadata_of(seen)["conversation_id"])[1]["text"] == tokens(120)


def test_any_gateway_serves_any_reader(two: Stack) -> None:
    client = two.client(gateway=0)
    elsewhere = same_visitor(two, client, gateway=1)
    with asking(client, "[[tokens=80 rate=40]]") as (seen, rest):
        other = same_visitor(two, client, gateway=1)
        conversation_id = metadata_of(seen)["conversation_id"]
        assert other.get(f"/api/conversations/{conversation_id}/").json()["generation"]["state"] == "running"
        followed = follow_to_the_end(other, conversation_id)
        seen.extend(rest)
    assert followed == seen  # ids and all
    assert text_of(followed) == tokens(80)
    assert elsewhere is not other


def test_a_repeated_prompt_finds_its_answer_through_another_gateway(two: Stack) -> None:
    client, marker = two.client(gateway=0), uuid4().hex
    body = {"message": f"{marker} [[tokens=80 rate=40]]", "client_message_id": str(uuid4())}
    with asking(client, **body) as (seen, _):
        other = same_visitor(two, client, gateway=1)
        reply = other.post("/api/chat/", json=body, headers=csrf(other)).json()
    assert reply["assistant_message"]["text"] == tokens(80)
    assert reply["user_message"]["id"] == metadata_of(seen)["user_message_id"]
    assert len(requests_of(two, marker)) == 1
    assert text_of(chat(other, **body)) == tokens(80)


def test_stop_through_another_gateway_ends_it_within_a_second(two: Stack) -> None:
    client, marker = two.client(gateway=0), uuid4().hex
    with asking(client, f"{marker} [[tokens=2000 rate=50]]") as (seen, rest):
        other = same_visitor(two, client, gateway=1)
        asked_at = time.time()
        path = f"/api/chat/{metadata_of(seen)['conversation_id']}/stop/"
        stopped = other.post(path, json={}, headers=csrf(other)).json()["message"]
        seen.extend(rest)
    entry = two.provider.entry_when(lambda entry: marker in str(entry["messages"]) and bool(entry["closed_by"]))
    assert entry["closed_by"] == "client"
    assert entry["closed_at"] - asked_at <= 1.0
    assert [frame.type for frame in seen[-2:]] == ["abort", "[DONE]"]
    assert stopped["state"] == "stopped"
    assert stopped["text"] == text_of(seen)
    assert other.post(path, json={}, headers=csrf(other)).json()["message"] == stopped


def test_a_gateway_that_was_paused_past_its_lease_writes_nothing_into_the_run_of_another(two: Stack) -> None:
    client = two.client(gateway=0)
    with asking(client, "[[tokens=160 rate=40]]") as (seen, rest):
        read_until(rest, seen, chars=150)
        conversation_id = metadata_of(seen)["conversation_id"]
        two.gateway.process.send_signal(signal.SIGSTOP)  # type: ignore[union-attr]  # it runs
        try:
            other = same_visitor(two, client, gateway=1)
            with other.stream("GET", f"/api/chat/{conversation_id}/stream/") as answer:
                old = list(frames_of(answer.iter_lines()))  # ends when the epoch does
            assert DONE not in old
        finally:
            two.gateway.process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]  # it is paused
        seen.extend(rest)  # its own readers are sent to begin again
    frames = follow_to_the_end(client, conversation_id)
    assert frames[0].id == "2-1"
    assert text_of(frames) == tokens(160)
    assert DONE not in seen
    assert [message["text"] for message in saved_messages(other, conversation_id)][1:] == [tokens(160)]
    assert text_of(chat(client, "[[tokens=5]]")) == tokens(5)  # it is back under a lease of its own


def test_a_tab_that_comes_back_replaces_itself_and_the_oldest_of_too_many_ends(two: Stack) -> None:
    client = two.client(gateway=0)
    with asking(client, "[[tokens=900 rate=30]]") as (seen, rest):
        path = f"/api/chat/{metadata_of(seen)['conversation_id']}/stream/"

        def read(name: str, into: list[Frame]) -> threading.Thread:
            begun = threading.Event()

            def run() -> None:
                with client.stream("GET", path, headers={"X-Reader-ID": name}) as answer:
                    for frame in frames_of(answer.iter_lines()):
                        into.append(frame)
                        begun.set()

            thread = threading.Thread(target=run)
            thread.start()
            assert begun.wait(10)
            return thread

        first: list[Frame] = []
        again: list[Frame] = []
        third: list[Frame] = []
        replaced = read("tab", first)
        reading = read("tab", again)
        replaced.join(10)
        assert not replaced.is_alive()
        assert "data-notice" not in [frame.type for frame in first]
        others = [read("another", third), read("one more", third)]  # with the first POST, four where three may read
        seen.extend(rest)
        client.post(path.replace("stream", "stop"), json={}, headers=csrf(client))
        for thread in (reading, *others):
            thread.join(10)
    assert seen[-1].data["data"]["code"] == "too_many_readers"
    assert again[-1] == DONE


def test_a_client_that_takes_nothing_is_let_go_and_finds_all_when_it_comes_back(tmp_path: Path) -> None:
    with running_stack(tmp_path, gateway={"READER_STALL_SECONDS": "0.5"}) as own, own.client() as client:
        conversation_id = metadata_of(chat(client, "[[tokens=1]]"))["conversation_id"]
        address = urlsplit(own.gateway.url)
        body = f'{{"message": "[[tokens=900000 rate=0]]", "conversation_id": "{conversation_id}"}}'
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        with socket.create_connection((address.hostname, address.port)) as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            head = (
                f"POST /api/chat/stream/ HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
                f"Cookie: {cookies}\r\nX-CSRFToken: {client.cookies['csrftoken']}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            stalled.sendall(f"{head}{body}".encode())
            wait_until(lambda: "took nothing" in own.gateway.log.read_text(), what="the reader is let go")
            frames = follow_to_the_end(client, conversation_id)
        assert text_of(frames) == saved_messages(client, conversation_id)[-1]["text"]
