import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from fake_provider.directive import Script
from fake_provider.testing import FakeHere, fake_provider_here, fake_provider_process


def ask(text: str, *, stream: bool = True) -> dict[str, Any]:
    """A request's body; Any: JSON."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
    return {"model": "m", "messages": messages, "stream": stream, "stream_options": {"include_usage": True}}


def events(text: str) -> list[Any]:
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]


def text_of(text: str) -> str:
    deltas = (choice["delta"] for event in events(text) for choice in event["choices"])
    return "".join(delta.get("content", "") for delta in deltas)


def numbered(count: int) -> str:
    return "".join(f"t{number} " for number in range(count))


async def post(fake: FakeHere, text: str, *, stream: bool = True) -> httpx.Response:
    async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
        return await client.post(f"{fake.base_url}/chat/completions", json=ask(text, stream=stream))


async def test_a_stream_is_openais() -> None:
    async with fake_provider_here() as fake:
        response = await post(fake, "hi [[tokens=3 rate=0 first=0]]")
    assert response.headers["content-type"] == "text/event-stream"
    assert text_of(response.text) == "t0 t1 t2 "
    *_, finish, usage = events(response.text)
    assert finish["choices"][0]["finish_reason"] == "stop"
    assert (usage["choices"], usage["usage"]) == (
        [],
        {"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9},
    )
    assert response.text.endswith("data: [DONE]\n\n")


async def test_tokens_keep_their_pace() -> None:
    async with fake_provider_here() as fake:
        began = time.monotonic()
        await post(fake, "hi [[tokens=50 rate=100 first=0.2]]")
        took_s = time.monotonic() - began
    assert took_s >= 0.2 + 49 / 100
    assert took_s < 2


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(
    ("fault", "status", "header"),
    [("401", 401, None), ("429", 429, None), ("429 retry_after=3", 429, "3"), ("500", 500, None), ("503", 503, None)],
)
async def test_a_status_fault_is_a_status(fault: str, status: int, header: str | None, stream: bool) -> None:
    async with fake_provider_here() as fake:
        response = await post(fake, f"hi [[fault={fault}]]", stream=stream)
    assert (response.status_code, response.headers.get("retry-after")) == (status, header)


async def test_a_cut_closes_the_socket_in_mid_answer() -> None:
    async with fake_provider_here() as fake:
        with pytest.raises(httpx.RemoteProtocolError):
            await post(fake, "hi [[first=0 rate=0 fault=cut at=4]]")
        entry = await fake.entry_when(lambda entry: entry.closed_by is not None)
    assert (entry.tokens_sent, entry.closed_by) == (4, "server")


async def test_garbage_is_no_json() -> None:
    async with fake_provider_here() as fake:
        response = await post(fake, "hi [[first=0 rate=0 fault=garbage at=2]]")
        with pytest.raises(json.JSONDecodeError):
            text_of(response.text)


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [("empty", "", "stop"), ("length", numbered(9), "length"), ("filter", numbered(4), "content_filter")],
)
async def test_an_odd_end_is_told_by_its_reason(fault: str, text: str, reason: str) -> None:
    async with fake_provider_here() as fake:
        streamed = await post(fake, f"hi [[tokens=9 first=0 rate=0 fault={fault} at=4]]")
        whole = await post(fake, f"hi [[tokens=9 first=0 rate=0 fault={fault} at=4]]", stream=False)
    assert text_of(streamed.text) == text == whole.json()["choices"][0]["message"]["content"]
    assert events(streamed.text)[-2]["choices"][0]["finish_reason"] == reason
    assert whole.json()["choices"][0]["finish_reason"] == reason


@pytest.mark.parametrize("directive", ["fault=hang", "fault=stall at=2 first=0"])
async def test_silence_lasts_until_the_client_leaves(directive: str) -> None:
    async with fake_provider_here() as fake:
        asking = asyncio.create_task(post(fake, f"hi [[{directive}]]"))
        await fake.entry_when(lambda entry: entry.tokens_sent == (2 if "stall" in directive else 0))
        asking.cancel()
        entry = await fake.entry_when(lambda entry: entry.closed_by is not None)
    assert entry.closed_by == "client"


@pytest.mark.parametrize("directive", ["tokens=many", "speed=9", "fault=earthquake"])
async def test_a_directive_that_cannot_be_read_is_refused(directive: str) -> None:
    async with fake_provider_here() as fake:
        assert (await post(fake, f"hi [[{directive}]]")).status_code == 400


def test_a_process_of_its_own_keeps_the_log() -> None:
    with fake_provider_process("--tokens", "2", "--first", "0") as fake:
        headers = {"X-Request-ID": "r-1"}
        url = f"{fake.base_url}/chat/completions"
        response = httpx.post(url, json=ask("hi"), headers=headers, trust_env=False)
        assert text_of(response.text) == "t0 t1 "
        entry = fake.entry_when(lambda entry: entry["closed_by"] is not None)
        assert (entry["request_id"], entry["tokens_sent"], entry["closed_by"]) == ("r-1", 2, "server")
        assert [message["role"] for message in entry["messages"]] == ["system", "user"]
        fake.clear_log()
        assert fake.log() == []


def test_a_process_that_is_killed_goes_on_with_its_log(tmp_path: Path) -> None:
    with fake_provider_process("--first", "0", "--requests", str(tmp_path / "requests.jsonl")) as fake:
        url, slow = f"{fake.base_url}/chat/completions", ask("[[tokens=9 rate=0.1]]")
        with httpx.stream("POST", url, json=slow, trust_env=False, timeout=10) as answer:
            lines = answer.iter_lines()
            next(lines)
            fake.kill()
            with pytest.raises(httpx.TransportError):
                list(lines)
        fake.start_again()
        httpx.post(url, json=ask("[[tokens=2]]"), trust_env=False)
        fake.entry_when(lambda entry: entry["directive"] == "tokens=2" and entry["closed_by"] is not None)
        assert [(entry["id"], entry["closed_by"]) for entry in fake.log()] == [(1, "server"), (2, "server")]
        fake.clear_log()
        fake.kill()
        fake.start_again()
        assert fake.log() == []


async def test_idle_connections_are_closed_and_counted() -> None:
    async with (
        fake_provider_here(Script(first=0, rate=0), idle_close_s=0.05) as fake,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        await client.get(f"{fake.base_url}/models")
        assert fake.open_sockets == 1
        await fake.until(lambda: fake.open_sockets == 0)


def test_a_process_takes_a_queue_and_counts_its_sockets() -> None:
    with fake_provider_process("--first", "0", "--idle-close", "60") as fake:
        fake.queue("queued")
        with httpx.Client(trust_env=False) as client:
            body = {"messages": [{"role": "user", "content": "hi"}]}
            response = client.post(f"{fake.url_of('local')}/chat/completions", json=body)
            assert fake.open_sockets() == 1
        assert response.json()["choices"][0]["message"]["content"] == "queued"
