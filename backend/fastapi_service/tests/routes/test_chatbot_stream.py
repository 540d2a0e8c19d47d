import asyncio
import time
from typing import Any

import httpx
import pytest

from fake_provider.testing import FakeHere
from fastapi_service.core.config import LOCAL, ProviderSettings, Settings
from fastapi_service.tests.conftest import OpenWorker
from fastapi_service.tests.frames import ask, kinds, numbered, parse_frames, read_frames, text_of

FAST = "first=0 rate=0"


async def test_every_token_arrives_once_and_in_order(worker: httpx.AsyncClient) -> None:
    frames = await read_frames(worker, ask("hello [[tokens=200 rate=400 first=0.02]]", text_id="msg-1"))
    assert text_of(frames) == numbered(200)
    assert frames[0] == {"type": "message-metadata", "messageMetadata": {"provider": "local", "model": "fake-model"}}
    assert frames[1] == {"type": "text-start", "id": "msg-1"}
    assert frames[2]["delta"].startswith("t0 ")
    assert {frame["id"] for frame in frames if "id" in frame} == {"msg-1"}
    assert kinds(frames)[-2:] == ["text-end", "data-outcome"]
    outcome = frames[-1]["data"]
    assert outcome["finish_reason"] == "stop"
    assert outcome["usage"] == {"input_tokens": 4, "output_tokens": 200}
    assert [(attempt["provider"], attempt["outcome"]) for attempt in outcome["attempts"]] == [("local", "ok")]


async def test_the_headers_keep_proxies_from_holding_tokens_back(worker: httpx.AsyncClient) -> None:
    response = await worker.post("/chatbot/stream", json=ask(f"hello [[{FAST} tokens=1]]"))
    assert response.headers["content-type"] == "text/event-stream"
    assert response.headers["cache-control"] == "no-cache, no-transform"
    assert response.headers["x-accel-buffering"] == "no"
    assert response.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert "content-length" not in response.headers


async def test_the_choice_is_told_before_the_provider_answers(worker: httpx.AsyncClient) -> None:
    async with worker.stream("POST", "/chatbot/stream", json=ask("hello [[fault=hang]]")) as response:
        async with asyncio.timeout(2):
            first = await anext(response.aiter_text())
    assert kinds(parse_frames(first)) == ["message-metadata"]


@pytest.mark.parametrize(
    ("fault", "text", "code", "status"),
    [
        ("401", "", "provider_auth_failed", 502),
        ("429 retry_after=7", "", "provider_rate_limited", 429),
        ("500", "", "provider_unavailable", 502),
        ("503", "", "provider_unavailable", 502),
        ("empty", "", "provider_unavailable", 502),
        ("cut at=3", numbered(3), "provider_unavailable", 502),
        ("garbage at=3", numbered(3), "provider_unavailable", 502),
        ("filter at=3", numbered(3), "content_filtered", 422),
    ],
)
async def test_a_fault_keeps_what_was_sent_and_ends_with_its_problem(
    worker: httpx.AsyncClient, fault: str, text: str, code: str, status: int
) -> None:
    body = ask(f"hello [[{FAST} fault={fault}]]")
    frames = await read_frames(worker, body)
    assert text_of(frames) == text
    assert kinds(frames).count("text-start") == kinds(frames).count("text-end") == (1 if text else 0)
    assert kinds(frames)[-1] == "data-problem"
    document = frames[-1]["data"]
    assert (document["code"], document["status"], document["provider"]) == (code, status, "local")
    assert document["request_id"]
    assert document.get("retry_after_s") == (7 if "retry_after" in fault else 5 if status == 429 else None)


async def test_an_answer_that_reached_its_length_says_so(worker: httpx.AsyncClient) -> None:
    frames = await read_frames(worker, ask(f"hello [[{FAST} tokens=4 fault=length]]"))
    assert (text_of(frames), frames[-1]["data"]["finish_reason"]) == (numbered(4), "length")


@pytest.mark.parametrize(
    ("directive", "limit"),
    [("fault=hang", {"first_token_s": 0.2}), ("first=0 fault=stall at=2", {"between_tokens_s": 0.2})],
    ids=["hang", "stall"],
)
async def test_a_provider_that_falls_silent_is_given_up(
    open_worker: OpenWorker, fake: FakeHere, directive: str, limit: dict[str, float]
) -> None:
    async with open_worker(**limit) as worker:
        frames = await read_frames(worker, ask(f"hello [[{directive}]]"))
        assert (frames[-1]["data"]["code"], frames[-1]["data"]["status"]) == ("provider_timeout", 504)
        await fake.entry_when(lambda entry: entry.closed_by == "client", deadline_s=1)


@pytest.mark.parametrize("directive", ["fault=hang", "tokens=1000 rate=50 first=0"], ids=["before a token", "after"])
@pytest.mark.parametrize("path", ["/chatbot", "/chatbot/stream"])
async def test_a_client_that_leaves_ends_the_providers_request_within_a_second(
    worker: httpx.AsyncClient, fake: FakeHere, path: str, directive: str
) -> None:
    asking = asyncio.create_task(worker.post(path, json=ask(f"hello [[{directive}]]")))
    # A whole answer, and one that hangs, show no token to wait for.
    shows_tokens = path == "/chatbot/stream" and "hang" not in directive
    entry = await fake.entry_when(lambda entry: entry.tokens_sent > 0 or not shows_tokens)
    assert entry.closed_by is None
    left_at = time.time()
    asking.cancel()
    await asyncio.wait({asking})
    entry = await fake.entry_when(lambda entry: entry.closed_at is not None, deadline_s=1)
    assert entry.closed_by == "client"
    assert entry.closed_at is not None
    assert entry.closed_at - left_at < 1


async def test_fifty_cancelled_streams_leave_nothing_behind(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    async def leave_early(number: int) -> None:
        async with worker.stream("POST", "/chatbot/stream", json=ask("x [[tokens=500 rate=50 first=0]]")) as response:
            async for part in response.aiter_text():
                if f"t{number % 5} " in part:
                    return

    await asyncio.gather(*(leave_early(number) for number in range(50)))
    assert len(fake.entries) == 50
    await fake.all_when(lambda entry: entry.closed_by == "client")
    frames = await read_frames(worker, ask(f"hello [[{FAST} tokens=5]]"))
    assert text_of(frames) == numbered(5)


async def test_many_streams_at_once_lose_and_mix_nothing(worker: httpx.AsyncClient) -> None:
    async def one(count: int) -> bool:
        return text_of(await read_frames(worker, ask(f"hello [[tokens={count} rate=100 first=0.05]]"))) == numbered(
            count
        )

    assert all(await asyncio.gather(*(one(20 + number) for number in range(60))))


@pytest.fixture
def narrow(settings: Settings, fake: FakeHere) -> dict[str, Any]:
    """One answer at a time and one more in the queue."""
    return {
        "providers": (ProviderSettings(name=LOCAL, base_url=fake.base_url, models=("m",), concurrency=1),),
        "queue_length": 1,
    }


async def test_who_waits_is_told_and_who_is_one_too_many_comes_back_later(
    open_worker: OpenWorker, fake: FakeHere, narrow: dict[str, Any]
) -> None:
    async with open_worker(**narrow) as worker:
        holding = asyncio.create_task(read_frames(worker, ask("first [[tokens=25 rate=50]]")))
        await fake.entry_when(lambda entry: entry.tokens_sent > 0)
        async with worker.stream("POST", "/chatbot/stream", json=ask(f"second [[{FAST} tokens=3]]")) as waiting:
            parts = waiting.aiter_text()
            told = parse_frames(await anext(parts))
            assert (told[0]["type"], told[0]["transient"], told[0]["data"]["code"]) == ("data-notice", True, "queued")
            for path in ("/chatbot", "/chatbot/stream"):
                refused = await worker.post(path, json=ask("third"))
                assert (refused.status_code, refused.json()["code"]) == (429, "overloaded")
                assert int(refused.headers["retry-after"]) > 0
            assert len(fake.entries) == 1
            rest = parse_frames("".join([part async for part in parts]))
        assert text_of(rest) == numbered(3)
        assert text_of(await holding) == numbered(25)


async def test_who_leaves_the_queue_is_never_sent_to_the_provider(
    open_worker: OpenWorker, fake: FakeHere, narrow: dict[str, Any]
) -> None:
    async with open_worker(**narrow) as worker:
        holding = asyncio.create_task(read_frames(worker, ask("first [[tokens=20 rate=50]]")))
        await fake.entry_when(lambda entry: entry.tokens_sent > 0)
        async with worker.stream("POST", "/chatbot/stream", json=ask("second")) as waiting:
            await anext(waiting.aiter_text())
        await holding
        assert text_of(await read_frames(worker, ask(f"third [[{FAST} tokens=3]]"))) == numbered(3)
    assert [entry.messages[0]["content"].split()[0] for entry in fake.entries] == ["first", "third"]
