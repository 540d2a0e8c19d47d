"""What every adapter promises, checked for each of them against a scripted server."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import httpx
import orjson
import pytest

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import (
    AuthFailed,
    ContentFiltered,
    ContextTooLong,
    InvalidInput,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.core.request_log import begin_request
from fastapi_service.providers.base import Delta, Finished, Message, Prompt, Provider, TextDelta, Timeouts, Usage
from fastapi_service.providers.deepseek import DeepSeek
from fastapi_service.providers.local import Local
from fastapi_service.tests.providers.scripted_server import USAGE, WHOLE_STREAM, Parts, chunk, sse

TIMEOUTS = Timeouts(connect_s=1, first_token_s=1, between_tokens_s=1, total_s=5)
PROMPT = Prompt(messages=(Message("system", "Be brief."), Message("user", "What is light?")))
KEY = "a-private-key"

Handler = Callable[[httpx.Request], httpx.Response]
Open = Callable[[Handler], Provider]


@pytest.fixture(params=[Local, DeepSeek], ids=lambda adapter: adapter.name)
async def provider_of(request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    """Open the adapter on a transport that answers as told."""
    opened: list[Provider] = []

    def open_on(handler: Handler) -> Provider:
        settings = ProviderSettings(
            name=request.param.name, api_key=KEY, base_url="http://provider.test/v1", models=("one", "two")
        )
        client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
        opened.append(request.param(settings, timeouts=TIMEOUTS, http_client=client))
        return opened[-1]

    yield open_on
    for provider in opened:
        await provider.aclose()


async def deltas_of(provider: Provider, prompt: Prompt = PROMPT) -> list[Delta]:
    async with aclosing(provider.stream(prompt, model="one")) as deltas:
        return [delta async for delta in deltas]


def answering(body: bytes, status: int = 200, **headers: str) -> Handler:
    return lambda request: httpx.Response(status, stream=Parts([body]), headers=headers)


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["lf", "crlf"])
async def test_deltas_come_in_order_and_usage_last(provider_of: Open, newline: bytes) -> None:
    found = await deltas_of(provider_of(answering(sse(WHOLE_STREAM, newline=newline))))
    assert found == [TextDelta("Pho"), TextDelta("ton"), Finished("stop", Usage(7, 2))]


async def test_parts_may_be_cut_anywhere(provider_of: Open) -> None:
    body = b": keep-alive\n\nevent: x\n" + sse([chunk("Größe 😀"), chunk(end="length")])
    parts = [body[index : index + 1] for index in range(len(body))]
    provider = provider_of(lambda request: httpx.Response(200, stream=Parts(parts)))
    assert await deltas_of(provider) == [TextDelta("Größe 😀"), Finished("length", Usage())]


async def test_the_end_may_come_without_done_after_a_finish_reason(provider_of: Open) -> None:
    found = await deltas_of(provider_of(answering(sse([chunk("x"), chunk(end="stop")], done=False))))
    assert found[-1] == Finished("stop", Usage())


async def test_a_whole_answer_is_the_same(provider_of: Open) -> None:
    body = {"choices": [{"message": {"content": "Photon"}, "finish_reason": "stop"}], "usage": USAGE["usage"]}
    answer = await provider_of(answering(orjson.dumps(body))).complete(PROMPT, model="one")
    assert (answer.text, answer.reasoning, answer.finished) == ("Photon", "", Finished("stop", Usage(7, 2)))


async def test_the_request_says_what_the_prompt_says(provider_of: Open) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=Parts([sse(WHOLE_STREAM)]))

    begin_request("request-1")
    prompt = Prompt(PROMPT.messages, temperature=0.5, max_output_tokens=9, response_schema={"type": "object"})
    await deltas_of(provider_of(handler), prompt)
    assert str(seen[0].url) == "http://provider.test/v1/chat/completions"
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert seen[0].headers["x-request-id"] == "request-1"
    body = orjson.loads(seen[0].content)
    assert body == {
        "model": "one",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is light?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "max_tokens": 9,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
        },
    }


def error(message: str, code: str | int | None = None) -> bytes:
    return orjson.dumps({"error": {"message": message, "code": code, "type": "some_error"}})


REFUSALS = [
    pytest.param(401, error("bad key sk-…"), AuthFailed, "auth", False, id="wrong key"),
    pytest.param(403, error("no"), AuthFailed, "auth", False, id="forbidden"),
    pytest.param(402, error("Insufficient Balance"), AuthFailed, "no_credit", False, id="no credit"),
    pytest.param(429, error("You exceeded…", "insufficient_quota"), AuthFailed, "no_credit", False, id="quota"),
    pytest.param(429, error("slow down"), RateLimited, "rate_limited", True, id="busy"),
    pytest.param(500, error("oops"), ProviderUnavailable, "http_500", True, id="server"),
    pytest.param(503, b"<html>nginx</html>", ProviderUnavailable, "http_503", True, id="overloaded"),
    pytest.param(408, error("late"), ProviderUnavailable, "http_408", True, id="timeout"),
    pytest.param(404, error("model not found"), ProviderUnavailable, "no_model", False, id="no model"),
    pytest.param(400, error("…", "context_length_exceeded"), ContextTooLong, "context", False, id="long, openai"),
    pytest.param(
        400, error("request exceeds the context size"), ContextTooLong, "context", False, id="long, llama.cpp"
    ),
    pytest.param(400, error("…", "content_filter"), ContentFiltered, "filtered", False, id="filter, azure"),
    pytest.param(400, error("unknown field"), ProviderError, "http_400", False, id="bad request"),
    pytest.param(302, b"", ProviderError, "http_302", False, id="redirect"),
]


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
@pytest.mark.parametrize(("status", "body", "kind", "reason", "retryable"), REFUSALS)
async def test_a_refusal_has_its_kind(
    provider_of: Open, status: int, body: bytes, kind: type[ProviderError], reason: str, retryable: bool, whole: bool
) -> None:
    attempts = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal attempts
        attempts += 1
        return httpx.Response(status, content=body)

    provider = provider_of(handler)
    with pytest.raises(kind) as raised:
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert (type(raised.value), raised.value.reason, raised.value.retryable) == (kind, reason, retryable)
    assert raised.value.provider == provider.name
    assert attempts == 1
    assert "sk-" not in raised.value.message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param({"retry-after": "7"}, 7, id="number"),
        pytest.param({"retry-after": "0"}, 1, id="zero"),
        pytest.param({"retry-after": "soon"}, 5, id="word"),
        pytest.param({}, 5, id="none"),
        pytest.param({"retry-after": "nan"}, 5, id="nan"),
        pytest.param({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1, id="past date"),
        pytest.param({"retry-after": "99999"}, 3600, id="more than a day"),
    ],
)
async def test_a_limit_says_how_long_to_wait(provider_of: Open, header: dict[str, str], seconds: int) -> None:
    with pytest.raises(RateLimited) as raised:
        await deltas_of(provider_of(answering(error("slow down"), 429, **header)))
    assert raised.value.retry_after_s == seconds


BROKEN_STREAMS = [
    pytest.param(sse([chunk("x")], done=False), ProviderUnavailable, "cut", id="cut"),
    pytest.param(sse([chunk("x")], done=False)[:-9], ProviderUnavailable, "cut", id="cut in mid-event"),
    pytest.param(b'data: {"choices": [{\n\n', ProviderUnavailable, "garbled", id="garbage"),
    pytest.param(b"data: [1]\n\n", ProviderUnavailable, "garbled", id="no object"),
    pytest.param(b'data: {"choices": [1]}\n\n', ProviderUnavailable, "garbled", id="odd choices"),
    pytest.param(b'data: {"choices": [{"delta": {"content": 5}}]}\n\n', ProviderUnavailable, "garbled", id="content"),
    pytest.param(sse([chunk(end="stop"), USAGE]), ProviderUnavailable, "empty", id="no words"),
    pytest.param(sse([chunk("x"), chunk(end="content_filter")]), ContentFiltered, "filtered", id="filtered"),
    pytest.param(
        sse([chunk("x"), {"error": {"code": 429, "message": "slow"}}]), RateLimited, "rate_limited", id="error"
    ),
    pytest.param(sse([chunk("x"), {"error": "overloaded"}]), ProviderUnavailable, "http_500", id="error, a word"),
    pytest.param(b"data: " + b"x" * 2_000_000, ProviderUnavailable, "garbled", id="endless event"),
    pytest.param(b"<html>Welcome to the hotel's network</html>", ProviderUnavailable, "cut", id="html"),
]


@pytest.mark.parametrize(("body", "kind", "reason"), BROKEN_STREAMS)
async def test_a_broken_stream_has_its_kind(
    provider_of: Open, body: bytes, kind: type[ProviderError], reason: str
) -> None:
    with pytest.raises(kind) as raised:
        await deltas_of(provider_of(answering(body)))
    assert raised.value.reason == reason


NO_ANSWERS = [
    b"",
    b"{",
    b"[]",
    b"{}",
    b'{"choices":[]}',
    b'{"choices":[{"message":null}]}',
    b'{"choices":[{"message":{"content":3}}]}',
]


@pytest.mark.parametrize("body", NO_ANSWERS)
async def test_a_broken_whole_answer_is_garbled(provider_of: Open, body: bytes) -> None:
    with pytest.raises(ProviderUnavailable) as raised:
        await provider_of(answering(body)).complete(PROMPT, model="one")
    assert raised.value.reason == "garbled"


TRANSPORT_ERRORS = [
    (httpx.ConnectError("refused"), ProviderUnavailable, "connect"),
    (httpx.ConnectTimeout("late"), ProviderUnavailable, "connect"),
]


@pytest.mark.parametrize(("raised_by_httpx", "kind", "reason"), TRANSPORT_ERRORS)
async def test_a_server_that_is_not_there_has_its_kind(
    provider_of: Open, raised_by_httpx: Exception, kind: type[ProviderError], reason: str
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise raised_by_httpx

    with pytest.raises(kind) as raised:
        await deltas_of(provider_of(handler))
    assert (raised.value.reason, raised.value.retryable) == (reason, True)


@pytest.mark.parametrize(
    ("late_error", "kind", "reason"),
    [
        (httpx.ReadError("reset"), ProviderUnavailable, "cut"),
        (httpx.RemoteProtocolError("incomplete chunked read"), ProviderUnavailable, "cut"),
        (httpx.ReadTimeout("late"), ProviderTimeout, "timeout"),
    ],
)
async def test_a_socket_that_fails_in_mid_answer_keeps_what_came(
    provider_of: Open, late_error: Exception, kind: type[ProviderError], reason: str
) -> None:
    provider = provider_of(
        lambda request: httpx.Response(200, stream=Parts([sse([chunk("x")], done=False)], late_error))
    )
    async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
        assert await anext(deltas) == TextDelta("x")
        with pytest.raises(kind) as raised:
            await anext(deltas)
    assert raised.value.reason == reason


async def test_leaving_early_closes_the_response(provider_of: Open) -> None:
    body = Parts([sse([chunk(str(number))], done=False) for number in range(10)])
    provider = provider_of(lambda request: httpx.Response(200, stream=body))
    async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
        assert await anext(deltas) == TextDelta("0")
        assert not body.closed
    assert body.closed


async def test_only_its_own_models_are_asked_for(provider_of: Open) -> None:
    provider = provider_of(answering(b""))
    assert await provider.model_for(None) == "one"
    assert await provider.model_for("two") == "two"
    with pytest.raises(InvalidInput):
        await provider.model_for("three")
