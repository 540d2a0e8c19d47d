"""Quotas with real processes: 200 streams at once against nearly nothing, and answers that end in other ways."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest

from canaries import KEY
from fake_provider.answer import count_words
from tests.stack import SQLITE_NAME, Stack, running_stack, wait_until
from tests.streams import chat, csrf, frames_of, text_of, tokens

AT_ONCE = 200
QUOTA = 4_000
ANSWER_MAX = 250
SETTINGS = {
    "QUOTA_GUEST_TOKENS_PER_DAY": str(QUOTA),
    "CHAT_ANSWER_MAX_TOKENS": str(ANSWER_MAX),
    "CHAT_HISTORY_MAX_TOKENS": "500",
    "TRUSTED_PROXIES": "127.0.0.1",  # so that a visitor can say where it comes from
    "PRICES": "deepseek=2.50/10.00",
}


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product whose only provider costs something."""
    with running_stack(tmp_path_factory.mktemp("usage"), gateway=SETTINGS, start_worker=False) as running:
        running.worker.env.update(
            LLM_PROVIDERS="deepseek", DEEPSEEK_API_KEY=KEY, DEEPSEEK_BASE_URL=running.provider.url_of("deepseek")
        )
        running.worker.start()
        yield running


@pytest.fixture
def address() -> str:
    """Of a household that nobody has heard of: an IPv6 network of its own."""
    number = uuid4().hex
    return f"2001:db8:{number[:4]}:{number[4:8]}::1"


def visitor_at(stack: Stack, address: str) -> httpx.Client:
    return stack.client(headers={"X-Forwarded-For": address})


def usage_of(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("/api/account/usage/").raise_for_status().json())


def ledger_of(stack: Stack, marker: str) -> dict[str, int]:
    """The sums of the answers to prompts that hold `marker`, read from the database itself."""
    query = """
        SELECT count(*),
            sum(entry.input_tokens), sum(entry.output_tokens), sum(cost_micros), sum(entry.state = 'settled')
        FROM usage_usageentry AS entry JOIN chat_generation AS generation ON generation.id = entry.generation_id
        JOIN chat_message AS prompt ON prompt.id = generation.user_message_id WHERE prompt.text LIKE ?
    """
    with closing(sqlite3.connect(Path(stack.folder) / SQLITE_NAME, timeout=10)) as database:
        row = database.execute(query, [f"%{marker}%"]).fetchone()
    return dict(zip(("answers", "input", "output", "cost", "settled"), row, strict=True))


async def ask(session: aiohttp.ClientSession, url: str, message: str) -> tuple[int, str]:
    """Status, and the text of the answer or the code of the problem."""
    async with session.post(f"{url}/api/chat/stream/", json={"message": message}) as answer:
        if answer.status != 200:
            assert int(answer.headers["Retry-After"]) > 0
            return answer.status, str((await answer.json(content_type=None))["code"])
        return 200, text_of(frames_of((await answer.text()).split("\n")))


async def ask_all(stack: Stack, message: str, headers: dict[str, str]) -> list[tuple[int, str]]:
    connector, jar = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, headers=headers) as session:
        return await asyncio.gather(*(ask(session, stack.gateway.url, message) for _ in range(AT_ONCE)))


@pytest.mark.parametrize("who", ["one guest", "guests without cookies"])
def test_200_streams_at_once_spend_no_more_than_there_is(paid: Stack, address: str, who: str) -> None:
    marker, headers = uuid4().hex, {"X-Forwarded-For": address}
    visitor = visitor_at(paid, address)
    if who == "one guest":
        chat(visitor, "[[tokens=1 rate=0 first=0]]")
        headers |= csrf(visitor) | {"Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())}
    before = usage_of(visitor)["tokens"]["used"]
    results = asyncio.run(ask_all(paid, f"{marker} [[tokens=40 rate=400 first=0.1]]", headers))

    answered = [text for status, text in results if status == 200]
    refused = [code for status, code in results if status != 200]
    assert answered == [tokens(40)] * len(answered)
    assert refused == ["quota_exceeded"] * (AT_ONCE - len(answered))
    assert QUOTA // (ANSWER_MAX + 150) <= len(answered) < AT_ONCE / 2

    told = usage_of(visitor)["tokens"]
    assert (told["limit"], told["reserved"]) == (QUOTA, 0)
    assert told["used"] <= QUOTA
    entries = [entry for entry in paid.provider.log() if marker in str(entry["messages"])]
    assert all(200 <= entry["body"]["max_tokens"] <= ANSWER_MAX for entry in entries)
    sent = sum(count_words(entry["messages"]) for entry in entries), sum(entry["tokens_sent"] for entry in entries)
    ledger = ledger_of(paid, marker)
    assert (ledger["answers"], ledger["settled"]) == (len(answered), len(answered))
    assert (ledger["input"], ledger["output"]) == sent
    assert told["used"] - before == sum(sent)
    # Rounded up for each answer.
    assert 0 <= ledger["cost"] - (sent[0] * 2.5 + sent[1] * 10) < len(answered)


def test_who_drops_the_cookie_finds_the_same_quota(paid: Stack, address: str) -> None:
    for _ in range(QUOTA):
        answer = visitor_at(paid, address).post("/api/chat/", json={"message": "[[tokens=200 rate=0 first=0]]"})
        if answer.status_code != 200:
            break
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (429, "quota_exceeded")
    assert problem["resets_at"].endswith("T00:00:00Z")
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600
    elsewhere = visitor_at(paid, "198.51.100.7").post("/api/chat/", json={"message": "[[tokens=1 rate=0 first=0]]"})
    assert elsewhere.status_code == 200


def test_a_stopped_answer_costs_what_came_of_it(paid: Stack, address: str) -> None:
    visitor = visitor_at(paid, address)
    with visitor.stream("POST", "/api/chat/stream/", json={"message": "[[tokens=200 rate=20 first=0]]"}) as answer:
        frames = frames_of(answer.iter_lines())
        conversation_id = next(frames).data["messageMetadata"]["conversation_id"]
        next(frame for frame in frames if frame.type == "text-delta")
        assert usage_of(visitor)["tokens"]["reserved"] > ANSWER_MAX
        assert usage_of(visitor)["streams"]["running"] == 1
        visitor.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(visitor)).raise_for_status()
    told = usage_of(visitor)
    assert (told["tokens"]["reserved"], told["streams"]["running"]) == (0, 0)
    assert 50 < told["tokens"]["used"] < 200


@pytest.mark.parametrize(
    ("directive", "least", "most"),
    [("[[fault=400]]", 0, 0), ("[[fault=error at=20 tokens=40 rate=400]]", 50, 200)],
    ids=["refused", "broken off"],
)
def test_a_failed_answer_costs_what_came_of_it(
    paid: Stack, address: str, directive: str, least: int, most: int
) -> None:
    visitor = visitor_at(paid, address)
    assert chat(visitor, directive)[-2].type == "error"
    told = usage_of(visitor)["tokens"]
    assert told["reserved"] == 0
    assert least <= told["used"] <= most


def test_the_local_model_is_free(stack: Stack, visitor: httpx.Client) -> None:
    chat(visitor, "[[tokens=30 rate=0 first=0]]")
    told = usage_of(visitor)
    assert (told["tokens"]["used"], told["tokens"]["reserved"], told["class"]) == (0, 0, "guest")
    assert "max_tokens" not in stack.provider.log()[-1]["body"]


def test_a_visitor_is_told_its_limits_and_nothing_is_made(stack: Stack, visitor: httpx.Client) -> None:
    told = usage_of(visitor)
    assert told["class"] == "guest"
    assert told["tokens"]["limit"] > 0
    assert not visitor.cookies


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {
        "RATE_LIMITS": "on",
        "TRUSTED_PROXIES": "127.0.0.1",
        "STREAMS_PER_USER_MAX": "2",
        "RATE_GUEST_CHAT_PER_MINUTE": "4",
        "RATE_GUEST_UPLOAD_PER_MINUTE": "1",
        "RATE_GUEST_WRITE_PER_MINUTE": "2",
        "RATE_LOGIN_PER_MINUTE": "3",
        "RATE_LINK_PER_MINUTE": "3",
    }
    with running_stack(tmp_path_factory.mktemp("limited"), gateway=settings) as running:
        yield running


def test_each_kind_of_request_has_its_limit(limited: Stack, address: str) -> None:
    visitor = visitor_at(limited, address)
    made = visitor.post("/api/chat/", json={"message": "[[tokens=1 rate=0 first=0]]"}).raise_for_status().json()
    conversation = f"/api/conversations/{made['conversation']['id']}/"

    def upload() -> httpx.Response:
        files = {"file": ("a.txt", b"Light is a wave.", "text/plain")}
        data = {"message": "[[tokens=1 rate=0 first=0]]"}
        return visitor.post("/api/chat/file/", data=data, files=files, headers=csrf(visitor))

    def rename() -> httpx.Response:
        return visitor.patch(conversation, json={"title": "Light"}, headers=csrf(visitor))

    def log_in() -> httpx.Response:
        body = {"email": "nobody@example.org", "password": "not the one"}
        return visitor.post("/_allauth/browser/v1/auth/login", json=body, headers=csrf(visitor))

    def read_by_link() -> httpx.Response:
        return visitor_at(limited, address).get("/api/shared/nothing/")

    assert [answer.status_code for answer in (upload(), upload())] == [200, 429]
    assert [read_by_link().status_code for _ in range(4)] == [404, 404, 404, 429]
    assert [answer.status_code for answer in (rename(), rename(), rename())] == [200, 200, 429]
    assert [log_in().status_code == 429 for _ in range(4)] == [False, False, False, True]
    refused = rename()
    assert refused.json()["code"] == "rate_limited"
    assert 0 < int(refused.headers["Retry-After"]) <= 30
    assert visitor.get(conversation).status_code == 200


def test_a_user_has_a_few_streams_and_can_always_stop_one(limited: Stack, address: str) -> None:
    visitor = visitor_at(limited, address)
    running = []
    for _ in range(2):
        options: dict[str, Any] = {"json": {"message": "[[fault=stall at=1 first=0]]"}, "headers": csrf(visitor)}
        manager = visitor.stream("POST", "/api/chat/stream/", **options)
        frames = frames_of(manager.__enter__().iter_lines())
        running.append((manager, next(frames).data["messageMetadata"]["conversation_id"]))
    refused = visitor.post("/api/chat/", json={"message": "[[tokens=1]]"}, headers=csrf(visitor))
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    assert int(refused.headers["Retry-After"]) > 0
    for manager, conversation_id in running:
        for _ in range(3):  # more often than other changes may be made
            assert visitor.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(visitor)).status_code == 200
        manager.__exit__(None, None, None)
    wait_until(lambda: usage_of(visitor)["streams"] == {"running": 0, "limit": 2}, what="none runs")
    again = visitor.post("/api/chat/", json={"message": "[[tokens=1 rate=0]]"}, headers=csrf(visitor))
    assert again.status_code == 200
