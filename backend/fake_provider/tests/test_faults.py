"""Each fault on each wire, streamed and whole, over real HTTP."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from fake_provider.directive import Script
from fake_provider.testing import FakeHere
from fake_provider.tests.clients import ALL_WIRES, ask, numbered, open_client, request_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
WIRES = pytest.mark.parametrize("provider", ALL_WIRES)
STREAM = pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
STATUS_FAULTS = ("400", "401", "404", "429", "500", "503", "context", "badrequest")
# Where a wire's status is another than the fault's number.
STATUSES: Mapping[tuple[str, str], int] = {("gemini", "401"): 400, ("huggingface", "context"): 422}
# A sign of each wire in its error bodies, by fault.
SIGNS: Mapping[tuple[str, str], str] = {
    ("local", "401"): "invalid_api_key",
    ("local", "429"): "rate_limit_exceeded",
    ("local", "context"): "context_length_exceeded",
    ("azure_openai", "401"): "Access denied due to invalid subscription key",
    ("azure_openai", "404"): "DeploymentNotFound",
    ("azure_openai", "429"): '"code":"429"',
    ("azure_openai", "context"): "context_length_exceeded",
    ("deepseek", "401"): "authentication_error",
    ("deepseek", "404"): "Model Not Exist",
    ("deepseek", "context"): "However, you requested",
    ("gemini", "401"): "API_KEY_INVALID",
    ("gemini", "404"): "NOT_FOUND",
    ("gemini", "429"): "RESOURCE_EXHAUSTED",
    ("gemini", "500"): "INTERNAL",
    ("gemini", "503"): "UNAVAILABLE",
    ("gemini", "context"): "exceeds the maximum number of tokens allowed",
    ("huggingface", "404"): "model_not_supported",
    ("huggingface", "429"): '"error_type":"overloaded"',
    ("huggingface", "500"): '"error_type":"generation"',
    ("huggingface", "503"): '"error_type":"overloaded"',
    ("huggingface", "context"): "`inputs` tokens + `max_new_tokens` must be",
}


@pytest.fixture
def fake(running: FakeHere) -> FakeHere:
    running.app.clear()
    running.app.scripts.defaults = Script(tokens=9, rate=0, first=0, at=4)
    return running


@WIRES
@STREAM
@pytest.mark.parametrize("fault", STATUS_FAULTS)
async def test_a_status_fault_is_an_error_in_that_wires_words(
    fake: FakeHere, provider: str, fault: str, stream: bool
) -> None:
    reply = await ask(fake, provider, f"hi [[fault={fault}]]", stream=stream)
    assert reply.status == STATUSES.get((provider, fault), int(fault) if fault.isdigit() else 400)
    assert list(reply.events[0]) in (["error"], ["error", "error_type"])
    assert SIGNS.get((provider, fault), "") in reply.content.decode()
    assert reply.headers.get("retry-after") is None


@WIRES
@pytest.mark.parametrize("fault", ["429", "503"])
async def test_how_long_to_wait_is_told_when_asked_for(fake: FakeHere, provider: str, fault: str) -> None:
    reply = await ask(fake, provider, f"hi [[fault={fault} retry_after=3]]")
    error = reply.events[0]["error"]
    if provider == "gemini":
        assert error["details"] == [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}]
        return
    assert reply.headers["retry-after"] == "3"
    assert reply.headers.get("retry-after-ms") == ("3000" if provider == "azure_openai" else None)


@WIRES
@STREAM
async def test_refuse_sends_no_byte(fake: FakeHere, provider: str, stream: bool) -> None:
    with pytest.raises(httpx.ReadError):
        await ask(fake, provider, "hi [[fault=refuse]]", stream=stream)
    (entry,) = fake.entries
    assert (entry.tokens_sent, entry.closed_by) == (0, "server")


async def test_refuse_resets_the_connection(fake: FakeHere) -> None:
    body = b'{"messages": [{"role": "user", "content": "[[fault=refuse]]"}]}'
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: fake\r\ncontent-length: {len(body)}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(fake.base_url).port)
    writer.write(head.encode() + body)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    await fake.until(lambda: fake.open_sockets == 0)


@WIRES
@STREAM
@pytest.mark.parametrize("fault", ["hang", "stall"])
async def test_silence_lasts_until_the_client_leaves(fake: FakeHere, provider: str, fault: str, stream: bool) -> None:
    sent = 4 if stream and fault == "stall" else 0
    asking = asyncio.create_task(ask(fake, provider, f"hi [[fault={fault}]]", stream=stream))
    await fake.entry_when(lambda entry: entry.tokens_sent == sent)
    asking.cancel()
    entry = await fake.entry_when(lambda entry: entry.closed_by is not None)
    assert entry.closed_by == "client"


@WIRES
@STREAM
@pytest.mark.parametrize("fault", ["cut", "utf8"])
async def test_the_socket_closes_in_mid_answer(fake: FakeHere, provider: str, fault: str, stream: bool) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        await ask(fake, provider, f"hi [[fault={fault}]]", stream=stream)
    entry = await fake.entry_when(lambda entry: entry.closed_by is not None)
    assert (entry.tokens_sent, entry.closed_by) == (4 if stream else 0, "server")


@WIRES
@STREAM
async def test_half_a_character_ends_the_bytes(fake: FakeHere, provider: str, stream: bool) -> None:
    url, headers, body = request_of(fake, provider, [("user", "hi [[fault=utf8]]")], stream=stream)
    received = b""
    async with open_client() as client, client.stream("POST", url, headers=headers, json=body) as response:
        with suppress(httpx.RemoteProtocolError):
            async for part in response.aiter_raw():
                received += part
    with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
        received.decode()
    assert b"t3 " in received


@WIRES
@STREAM
async def test_garbage_is_no_json(fake: FakeHere, provider: str, stream: bool) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        await ask(fake, provider, "hi [[fault=garbage]]", stream=stream)


@WIRES
async def test_an_error_in_the_stream_is_that_wires(fake: FakeHere, provider: str) -> None:
    reply = await ask(fake, provider, "hi [[fault=error]]")
    assert (reply.status, reply.text, reply.finish) == (200, numbered(0, 4), None)
    if provider == "gemini":
        error = orjson.loads(reply.content[reply.content.index(b"{\n") :])["error"]
        assert (error["code"], error["status"]) == (503, "UNAVAILABLE")
    else:
        assert reply.events[-1]["error"]["message"]
    assert (b"[DONE]" in reply.content) == (provider == "huggingface")


@WIRES
async def test_an_error_in_the_stream_is_a_status_of_a_whole_answer(fake: FakeHere, provider: str) -> None:
    assert (await ask(fake, provider, "hi [[fault=error]]", stream=False)).status == 500


@WIRES
@STREAM
async def test_an_empty_answer_ends_as_if_all_were_well(fake: FakeHere, provider: str, stream: bool) -> None:
    reply = await ask(fake, provider, "hi [[fault=empty]]", stream=stream)
    assert (reply.text, str(reply.finish).lower()) == ("", "stop")


@WIRES
@STREAM
async def test_length_and_filter_are_told_at_the_end(fake: FakeHere, provider: str, stream: bool) -> None:
    cut_short = await ask(fake, provider, "hi [[fault=length]]", stream=stream)
    filtered = await ask(fake, provider, "hi [[fault=filter]]", stream=stream)
    length, content = ("MAX_TOKENS", "SAFETY") if provider == "gemini" else ("length", "content_filter")
    assert (cut_short.text, cut_short.finish) == (numbered(0, 9), length)
    assert (filtered.text, filtered.finish, filtered.tokens[1]) == (numbered(0, 4), content, 4)


@STREAM
async def test_a_filtered_prompt_is_refused_in_each_wires_way(fake: FakeHere, stream: bool) -> None:
    replies: dict[str, Any] = {
        provider: await ask(fake, provider, "hi [[fault=filter at=0]]", stream=stream) for provider in ALL_WIRES
    }
    azure = replies["azure_openai"].events[0]["error"]
    assert (azure["code"], azure["innererror"]["code"]) == ("content_filter", "ResponsibleAIPolicyViolation")
    assert replies["deepseek"].events[0]["error"]["message"] == "Content Exists Risk"
    assert replies["gemini"].events[0]["promptFeedback"] == {"blockReason": "SAFETY"}
    assert replies["local"].finish == replies["huggingface"].finish == "content_filter"
    assert [reply.status for reply in replies.values()] == [200, 400, 400, 200, 200]


@WIRES
@STREAM
async def test_a_long_line_is_two_megabytes(fake: FakeHere, provider: str, stream: bool) -> None:
    reply = await ask(fake, provider, "hi [[fault=longline]]", stream=stream)
    assert max(map(len, reply.content.splitlines())) > 2 * 1024 * 1024
    assert reply.text.startswith(numbered(0, 4) + "xxx")
