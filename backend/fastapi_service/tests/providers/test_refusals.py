"""Refusals and unreachable servers, for each adapter: the class, the wait, one attempt, and no word of the vendor's."""

import httpx
import orjson
import pytest

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    ModelNotFound,
    ProviderError,
    ProviderOverloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    Unsupported,
)
from fastapi_service.providers.http_errors import error_of_event
from fastapi_service.tests.providers.conftest import Open
from fastapi_service.tests.providers.scripted_server import Parts, Wire
from fastapi_service.tests.providers.test_contract import PROMPT, answering, deltas_of

CANARY = "a-word-of-the-vendor"
REFUSALS = [
    pytest.param((401, "bad key", None), AuthFailed, "auth", id="wrong key"),
    pytest.param((403, "no", None), AuthFailed, "auth", id="forbidden"),
    pytest.param((402, "Insufficient Balance", None), AuthFailed, "no_credit", id="no credit"),
    pytest.param((429, "quota", "insufficient_quota"), AuthFailed, "no_credit", id="quota"),
    pytest.param((429, "slow down; check your plan and billing details", None), RateLimited, "rate_limited", id="busy"),
    pytest.param((503, "later", None), ProviderOverloaded, "overloaded", id="unavailable"),
    pytest.param((529, "later", None), ProviderOverloaded, "overloaded", id="529"),
    pytest.param((500, "The model is overloaded.", None), ProviderOverloaded, "overloaded", id="overloaded"),
    pytest.param((500, "oops", None), ProviderUnavailable, "http_500", id="server"),
    pytest.param((504, "oops", None), ProviderUnavailable, "http_504", id="gateway"),
    pytest.param((408, "late", None), ProviderUnavailable, "http_408", id="late"),
    pytest.param((409, "again", None), ProviderUnavailable, "http_409", id="conflict"),
    pytest.param((425, "early", None), ProviderUnavailable, "http_425", id="early"),
    pytest.param((302, "elsewhere", None), ProviderUnavailable, "http_302", id="redirect"),
    pytest.param((404, "what", None), ModelNotFound, "no_model", id="no model"),
    pytest.param((400, "what", "model_not_found"), ModelNotFound, "no_model", id="no model, 400"),
    pytest.param((400, "long", "context_length_exceeded"), ContextTooLong, "context", id="long"),
    pytest.param((413, "long", None), ContextTooLong, "context", id="long, 413"),
    pytest.param((400, "no", "content_filter"), ContentFiltered, "filtered", id="filter"),
    pytest.param((400, "unknown field", None), BadRequest, "http_400", id="bad request"),
    pytest.param((422, "wrong value", None), BadRequest, "http_422", id="bad value"),
    pytest.param((400, "in 'what is rate_limit_exceeded?'", None), BadRequest, "http_400", id="a quoted prompt"),
    pytest.param((410, "deprecated", None), ModelNotFound, "no_model", id="gone"),
    pytest.param((400, "temperature", "unsupported_value"), Unsupported, "unsupported", id="value"),
    pytest.param((400, "Failed to parse grammar: too many states", None), Unsupported, "unsupported", id="grammar"),
    pytest.param((422, "`response_format` is not known", None), Unsupported, "unsupported", id="schema"),
    pytest.param((500, "long", "exceed_context_size_error"), ContextTooLong, "context", id="long, 500"),
    pytest.param((500, "no", "content_filter"), ContentFiltered, "filtered", id="filter, 500"),
    *(
        pytest.param((status, "no", None), Unsupported, f"http_{status}", id=f"{status}")
        for status in (405, 407, 418, 424, 426, 431, 451, 499)
    ),
]


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
@pytest.mark.parametrize(("said", "kind", "reason"), REFUSALS)
async def test_a_refusal_has_its_kind(
    wire: Wire,
    provider_of: Open,
    said: tuple[int, str, str | None],
    kind: type[ProviderError],
    reason: str,
    whole: bool,
) -> None:
    status, message, code = said
    attempts: list[Parts] = []

    def handler(request: httpx.Request) -> httpx.Response:
        attempts.append(Parts([orjson.dumps(wire.error(status, f"{message} {CANARY}", code))]))
        return httpx.Response(status, stream=attempts[-1])

    provider = provider_of(handler)
    with pytest.raises(kind) as raised:
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    error = raised.value
    assert (type(error), error.reason, error.provider) == (kind, reason, provider.name)
    assert [attempt.closed for attempt in attempts] == [True]
    assert provider.label in error.message
    assert not any(word in error.message for word in (CANARY, "provider.test", "light"))


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_of_a_refusal_without_an_end_only_the_beginning_is_read(provider_of: Open, whole: bool) -> None:
    body = Parts([b" " * 30_000] * 100)
    provider = provider_of(lambda request: httpx.Response(429, stream=body, headers={"retry-after": "7"}))
    with pytest.raises(RateLimited) as raised:
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert (raised.value.retry_after_s, body.read, body.closed) == (7, 3, True)


@pytest.mark.parametrize("failure", [httpx.ReadError("reset"), httpx.ReadTimeout("late"), ConnectionResetError()])
async def test_a_refusal_that_breaks_off_is_one_all_the_same(wire: Wire, provider_of: Open, failure: Exception) -> None:
    body = Parts([orjson.dumps(wire.error(400, "long", "context_length_exceeded"))], failure)
    with pytest.raises(ContextTooLong):
        await deltas_of(provider_of(lambda request: httpx.Response(400, stream=body)))


async def test_a_page_of_a_proxy_is_a_refusal_too(provider_of: Open) -> None:
    provider = provider_of(lambda request: httpx.Response(502, html="<html>nginx: overloaded</html>"))
    with pytest.raises(ProviderUnavailable) as raised:
        await deltas_of(provider)
    assert raised.value.reason == "http_502"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"retry-after": "7"}, 7, id="number"),
        pytest.param({"retry-after": "2.2"}, 3, id="fraction"),
        pytest.param({"retry-after-ms": "1500", "retry-after": "9"}, 2, id="milliseconds"),
        pytest.param({"retry-after": "0"}, 1, id="zero"),
        pytest.param({"retry-after": "soon"}, None, id="word"),
        pytest.param({}, None, id="none"),
        pytest.param({"retry-after": "nan"}, None, id="nan"),
        pytest.param({"retry-after": "inf"}, 3600, id="infinite"),
        pytest.param({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1, id="past date"),
        pytest.param({"retry-after": "99999"}, 3600, id="more than a day"),
        pytest.param({"retry-after": "Thu, 01 Jan 2099 00:00:00 +99999999999999"}, None, id="giant offset"),
        pytest.param({"retry-after": "Thu, 01 Jan 99999 00:00:00 GMT"}, None, id="giant year"),
        pytest.param({"retry-after": "Thu"}, None, id="half a date"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_limit_says_how_long_to_wait(
    wire: Wire, provider_of: Open, status: int, headers: dict[str, str], seconds: int | None
) -> None:
    body = wire.error(status, "slow down")
    with pytest.raises(ProviderError) as raised:
        await deltas_of(provider_of(lambda request: httpx.Response(status, json=body, headers=headers)))
    assert raised.value.retry_after_s == seconds


@pytest.mark.parametrize(
    ("failure", "kind", "reason"),
    [
        (httpx.ConnectError("refused"), ProviderUnavailable, "connect"),
        (httpx.ConnectTimeout("late"), ProviderUnavailable, "connect"),
        (httpx.RemoteProtocolError("gone"), ProviderUnavailable, "connect"),
        (httpx.ReadTimeout("late"), ProviderTimeout, "timeout"),
    ],
    ids=["refused", "no answer", "gone", "silent"],
)
async def test_a_server_that_is_not_there_has_its_kind(
    provider_of: Open, failure: Exception, kind: type[ProviderError], reason: str
) -> None:
    attempts = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal attempts
        attempts += 1
        raise failure

    with pytest.raises(kind) as raised:
        await deltas_of(provider_of(handler))
    assert (type(raised.value), raised.value.reason, attempts) == (kind, reason, 1)


@pytest.mark.parametrize(
    ("event", "kind", "reason"),
    [
        pytest.param({"error": {"code": 429, "message": "slow"}}, RateLimited, "rate_limited", id="status"),
        pytest.param({"error": {"code": "429"}}, RateLimited, "rate_limited", id="status as text"),
        pytest.param({"error": {"code": "rate_limit_exceeded"}}, RateLimited, "rate_limited", id="code"),
        pytest.param({"error": {"message": "x", "type": "server_error"}}, ProviderUnavailable, "http_500", id="none"),
        pytest.param({"error": "x", "error_type": "overloaded"}, ProviderOverloaded, "overloaded", id="a word"),
        pytest.param({"error": {"code": 503, "status": "UNAVAILABLE"}}, ProviderOverloaded, "overloaded", id="google"),
        pytest.param({"error": {"code": "content_filter"}}, ContentFiltered, "filtered", id="filter"),
        pytest.param(
            {"error": {"code": "context_length_exceeded", "type": "invalid_request_error"}},
            ContextTooLong,
            "context",
            id="long",
        ),
        pytest.param(
            {"error": "Input validation error: `inputs` must have less than 1024 tokens.", "error_type": "validation"},
            ContextTooLong,
            "context",
            id="long, TGI",
        ),
        pytest.param(
            {"error": {"code": "invalid_api_key", "type": "invalid_request_error"}}, AuthFailed, "auth", id="key"
        ),
        pytest.param({"error": "Insufficient Balance"}, AuthFailed, "no_credit", id="credit"),
        pytest.param({"error": {"code": "model_not_found"}}, ModelNotFound, "no_model", id="model"),
        pytest.param({"error": {"message": "Rate limit reached"}}, RateLimited, "rate_limited", id="limit in words"),
        pytest.param({"error": {"type": "unavailable_error"}}, ProviderOverloaded, "overloaded", id="loading"),
        pytest.param({"error": {"type": "invalid_request_error"}}, BadRequest, "http_400", id="request"),
        pytest.param({"error": "bad", "error_type": "validation"}, BadRequest, "http_400", id="validation"),
        pytest.param(
            {"error": {"type": "invalid_request_error", "message": "grammar"}}, Unsupported, "unsupported", id="schema"
        ),
        pytest.param({"error": ["Model is overloaded"]}, ProviderOverloaded, "overloaded", id="list"),
        pytest.param({"error": True}, ProviderUnavailable, "http_500", id="no text"),
        pytest.param({"error": {"message": {"a": {}}}}, ProviderUnavailable, "http_500", id="of another shape"),
    ],
)
async def test_an_error_inside_an_answer_has_its_kind(
    provider_of: Open, event: dict[str, object], kind: type[ProviderError], reason: str
) -> None:
    provider = provider_of(answering(b""))
    error = error_of_event(provider, event)
    assert (type(error), error.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [("12.5s", 13), ("nans", None), ("infs", 3600), ("-1s", 1), ("1e999s", 3600), (7, 7), ("", None)],
)
async def test_googles_delay_is_a_wait_or_nothing(provider_of: Open, delay: object, seconds: int | None) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]
    error = error_of_event(provider_of(answering(b"")), {"error": {"code": 429, "details": details}})
    assert error.retry_after_s == seconds


async def test_an_error_of_many_layers_is_an_error_all_the_same(provider_of: Open) -> None:
    body = b'{"error":{"message":' + b'{"a":' * 900 + b"1" + b"}" * 902
    with pytest.raises(ProviderUnavailable) as raised:
        await deltas_of(provider_of(lambda request: httpx.Response(500, content=body)))
    assert raised.value.reason == "http_500"


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_an_error_in_place_of_an_answer_has_its_kind(provider_of: Open, whole: bool) -> None:
    body = orjson.dumps({"error": {"code": 503, "message": "x"}}, option=orjson.OPT_INDENT_2)
    provider = provider_of(answering(body if whole else b"[" + body + b"\n]\n"))
    with pytest.raises(ProviderOverloaded):
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
