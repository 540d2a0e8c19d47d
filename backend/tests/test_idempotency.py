"""Whatever arrives at once, and through whichever gateway: one prompt is one prompt, and one answer runs at a time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest

from tests.postgres import running_postgres
from tests.stack import Stack, running_stack
from tests.streams import Frame, csrf, frames_of, metadata_of, text_of, tokens

Json = dict[str, Any]  # Any: JSON
COPIES = 50


@pytest.fixture(scope="module", params=["SQLite", "Postgres and two gateways"])
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {"READERS_PER_USER_MAX": str(COPIES)}
    folder = tmp_path_factory.mktemp("idempotency")
    with ExitStack() as running:
        if request.param == "SQLite":
            yield running.enter_context(running_stack(folder, gateway=settings))
        else:
            url = running.enter_context(running_postgres()).url
            yield running.enter_context(running_stack(folder, gateway=settings, gateways=2, database_url=url))


@dataclass(frozen=True)
class Reply:
    status: int
    body: Json  # of a problem or a whole answer
    frames: list[Frame]  # of a stream


class Visitor:
    """One browser, whose requests leave all at once, to each gateway in turn."""

    def __init__(self, stack: Stack) -> None:
        self.client = stack.client()
        self.client.get("/api/session/")
        self.urls = [gateway.url for gateway in stack.gateways]
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        self.headers = {"Cookie": cookies, **csrf(self.client)}

    def at_once(self, *bodies: Json, path: str = "/api/chat/stream/") -> list[Reply]:
        return self._run(*(("POST", path, body) for body in bodies))

    def race(self, *requests: tuple[str, str, Json | None]) -> list[Reply]:
        return self._run(*requests)

    def _run(self, *requests: tuple[str, str, Json | None]) -> list[Reply]:
        return asyncio.run(self._send_all(requests))

    async def _send_all(self, requests: tuple[tuple[str, str, Json | None], ...]) -> list[Reply]:
        jar = aiohttp.DummyCookieJar()
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=timeout, cookie_jar=jar, headers=self.headers
        ) as session:
            sending: list[Awaitable[Reply]] = [
                _send(session, self.urls[number % len(self.urls)], *request) for number, request in enumerate(requests)
            ]
            return await asyncio.gather(*sending)

    def conversations(self) -> list[Json]:
        return list(self.client.get("/api/conversations/").json()["items"])

    def detail(self, name: str) -> Json:
        return dict(self.client.get(f"/api/conversations/{name}/").json())

    def stop(self, name: str) -> None:
        self.client.post(f"/api/chat/{name}/stop/", headers=csrf(self.client)).raise_for_status()


async def _send(session: aiohttp.ClientSession, url: str, method: str, path: str, body: Json | None) -> Reply:
    async with session.request(method, url + path, json=body) as answer:
        if answer.content_type == "text/event-stream":
            return Reply(answer.status, {}, list(frames_of((await answer.text()).split("\n"))))
        return Reply(answer.status, await answer.json() if answer.status != 204 else {}, [])


@pytest.fixture
def visitor(product: Stack) -> Visitor:
    return Visitor(product)


def own_body(message: str) -> Json:
    return {"message": message, "client_message_id": uuid4().hex}


def sdk_body(message: str) -> Json:
    prompt = {"id": uuid4().hex[:16], "role": "user", "parts": [{"type": "text", "text": message}]}
    return {"id": uuid4().hex[:16], "messages": [prompt], "trigger": "submit-message"}


def statuses(replies: list[Reply]) -> Counter[tuple[int, str]]:
    return Counter((reply.status, reply.body.get("code", "")) for reply in replies)


def asked(stack: Stack, marker: str) -> int:
    return sum(marker in str(entry["messages"]) for entry in stack.provider.log())


@pytest.mark.parametrize("body_of", [own_body, sdk_body], ids=["own body", "body of the AI SDK"])
def test_50_copies_of_a_first_prompt_get_one_answer(
    product: Stack, visitor: Visitor, body_of: Callable[[str], Json]
) -> None:
    marker = uuid4().hex
    replies = visitor.at_once(*[body_of(f"{marker} [[tokens=20 rate=40]]")] * COPIES)
    assert [reply.status for reply in replies] == [200] * COPIES
    assert {text_of(reply.frames) for reply in replies} == {tokens(20)}
    assert len({reply.frames[0].data["messageId"] for reply in replies}) == 1
    (conversation,) = visitor.conversations()
    assert [message["role"] for message in visitor.detail(conversation["id"])["messages"]] == ["user", "assistant"]
    assert asked(product, marker) == 1


def test_copies_that_ask_for_a_whole_answer_get_the_same(product: Stack, visitor: Visitor) -> None:
    marker = uuid4().hex
    body = own_body(f"{marker} [[tokens=10 rate=40]]")
    replies = visitor.at_once(*[body] * 20, path="/api/chat/")
    assert all(reply == replies[0] for reply in replies)
    assert replies[0].body["assistant_message"]["text"] == tokens(10)
    assert asked(product, marker) == 1


def test_20_different_prompts_at_once_in_one_conversation_leave_one(product: Stack, visitor: Visitor) -> None:
    (first,) = visitor.at_once(own_body("[[tokens=2]]"))
    conversation_id = metadata_of(first.frames)["conversation_id"]
    marker = uuid4().hex
    bodies = [
        {**own_body(f"{marker} {number} [[tokens=30 rate=20]]"), "conversation_id": conversation_id}
        for number in range(20)
    ]
    replies = visitor.at_once(*bodies)
    assert statuses(replies) == {(200, ""): 1, (409, "generation_running"): 19}
    (won,) = [reply for reply in replies if reply.status == 200]
    assert {reply.body["generation_id"] for reply in replies if reply.status == 409} == {
        metadata_of(won.frames)["generation_id"]
    }
    assert asked(product, marker) == 1
    # Who was refused has left nothing behind.
    assert len(visitor.detail(conversation_id)["messages"]) == 4


def test_20_first_prompts_under_one_name_make_one_conversation(visitor: Visitor) -> None:
    name = uuid4().hex[:16]
    replies = visitor.at_once(*[{**sdk_body(f"{number} [[tokens=30 rate=20]]"), "id": name} for number in range(20)])
    assert statuses(replies) == {(200, ""): 1, (409, "generation_running"): 19}
    assert [conversation["client_id"] for conversation in visitor.conversations()] == [name]


def test_races_of_prompts_edits_and_regenerates_leave_one_answer_running(visitor: Visitor) -> None:
    first_body = own_body("[[tokens=3 fault=none,hang]]")
    (first,) = visitor.at_once(first_body)
    conversation_id = metadata_of(first.frames)["conversation_id"]
    named = {"conversation_id": conversation_id}
    edit = {**first_body, "message": "edited [[fault=hang]]"}
    prompt = {**own_body("next [[fault=hang]]"), **named}
    regenerate = {"trigger": "regenerate", "parent_id": first.frames[0].data["messageId"], **named}
    for _ in range(3):
        outcome = asyncio.run(
            _first_frames(visitor, [edit, prompt, regenerate] * 4, then=lambda: visitor.stop(conversation_id))
        )
        running = {frame.data["messageMetadata"]["generation_id"] for frame in outcome.begun}
        assert len(running) == 1
        assert set(outcome.refused) <= running
        # Copies of what won attach to it; a regenerate has no copies.
        assert len(outcome.begun) + len(outcome.refused) == 12
        assert visitor.detail(conversation_id)["generation"] is None


@dataclass(frozen=True)
class _Outcome:
    begun: list[Frame]  # the first frames of the streams
    refused: list[str]  # the generations that the refusals named


async def _first_frames(visitor: Visitor, bodies: list[Json], *, then: Callable[[], None]) -> _Outcome:
    """Send all at once, read each until its first frame or refusal, and then `then` while all are open."""
    all_known = asyncio.Barrier(len(bodies) + 1)
    outcome = _Outcome([], [])

    async def read(session: aiohttp.ClientSession, url: str, body: Json) -> None:
        async with session.post(f"{url}/api/chat/stream/", json=body) as answer:
            if answer.status == 409:
                outcome.refused.append((await answer.json())["generation_id"])
                await all_known.wait()
                return
            lines = b""
            async for line in answer.content:
                lines += line
                if line.startswith(b"data: "):
                    break
            outcome.begun.extend(frames_of(lines.decode().split("\n")))
            await all_known.wait()
            await answer.read()

    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers=visitor.headers
        ) as session,
        asyncio.timeout(60),
        asyncio.TaskGroup() as reading,
    ):
        for number, body in enumerate(bodies):
            reading.create_task(read(session, visitor.urls[number % len(visitor.urls)], body))
        await all_known.wait()
        await asyncio.to_thread(then)
    return outcome


def test_ten_copies_of_an_edit_are_one_version(visitor: Visitor) -> None:
    body = own_body("[[tokens=2]]")
    (first,) = visitor.at_once(body)
    replies = visitor.at_once(*[{**body, "message": "[[tokens=12 rate=40]]"}] * 10)
    assert {text_of(reply.frames) for reply in replies} == {tokens(12)}
    detail = visitor.detail(metadata_of(first.frames)["conversation_id"])
    assert detail["messages"][0]["siblings"]["index"] == 1
    assert len(detail["messages"][0]["siblings"]["ids"]) == 2
    assert len(detail["messages"][1]["siblings"]["ids"]) == 1


def test_ten_copies_of_a_retry_are_one_new_answer(product: Stack, visitor: Visitor) -> None:
    marker = uuid4().hex
    body = own_body(f"{marker} [[tokens=12 rate=40 fault=400,none]]")
    (failed,) = visitor.at_once(body)
    assert failed.frames[-2].type == "error"
    replies = visitor.at_once(*[body] * 10)
    assert {text_of(reply.frames) for reply in replies} == {tokens(12)}
    assert asked(product, marker) == 2
    detail = visitor.detail(metadata_of(failed.frames)["conversation_id"])
    assert len(detail["messages"][1]["siblings"]["ids"]) == 2


def test_a_conversation_that_is_deleted_while_prompts_arrive_is_gone_or_asked_in(visitor: Visitor) -> None:
    for _ in range(8):
        (first,) = visitor.at_once(own_body("[[tokens=1]]"))
        conversation_id = metadata_of(first.frames)["conversation_id"]
        named = {"conversation_id": conversation_id}
        prompts: list[tuple[str, str, Json | None]] = [
            ("POST", "/api/chat/stream/", {**own_body("[[tokens=2]]"), **named}) for _ in range(4)
        ]
        prompts.insert(2, ("DELETE", f"/api/conversations/{conversation_id}/", None))
        replies = visitor.race(*prompts)
        told = {(200, ""), (204, ""), (404, "conversation_not_found"), (409, "generation_running")}
        assert set(statuses(replies)) <= told
    assert visitor.conversations() == []


def test_the_same_ids_of_two_visitors_are_two_prompts(product: Stack, visitor: Visitor) -> None:
    other = Visitor(product)
    body = sdk_body("[[tokens=2]]")
    for each in (visitor, other):
        (reply,) = each.at_once(body)
        assert text_of(reply.frames) == tokens(2)
    (mine,), (theirs,) = visitor.conversations(), other.conversations()
    assert mine["client_id"] == theirs["client_id"] == body["id"]
    assert mine["id"] != theirs["id"]
    assert visitor.detail(body["id"])["id"] == mine["id"]
    not_mine: httpx.Response = visitor.client.get(f"/api/conversations/{theirs['id']}/")
    assert not_mine.status_code == 404
