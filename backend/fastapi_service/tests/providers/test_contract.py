"""What every adapter promises, checked for each of them against a scripted server in that API's wire format."""

from contextlib import aclosing

import httpx
import orjson
import pytest

from fastapi_service.core.errors import BrokenStream, ContentFiltered, InvalidInput, ProviderTimeout, RateLimited
from fastapi_service.core.request_log import begin_request
from fastapi_service.providers.base import (
    Delta,
    Finished,
    FinishReason,
    Message,
    Prompt,
    Provider,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from fastapi_service.tests.providers.conftest import KEY, Handler, Open
from fastapi_service.tests.providers.scripted_server import Parts, Wire

PROMPT = Prompt(messages=(Message("system", "Be brief."), Message("user", "What is light?")))


async def deltas_of(provider: Provider, prompt: Prompt = PROMPT) -> list[Delta]:
    async with aclosing(provider.stream(prompt, model="one")) as deltas:
        return [delta async for delta in deltas]


def answering(*parts: bytes) -> Handler:
    return lambda request: httpx.Response(200, stream=Parts(parts))


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["lf", "crlf"])
async def test_deltas_come_in_order_and_usage_last(wire: Wire, provider_of: Open, newline: bytes) -> None:
    found = await deltas_of(provider_of(answering(wire.sse(wire.answer(), newline=newline))))
    assert found == [TextDelta("Pho"), TextDelta("ton"), Finished("stop", Usage(7, 2))]


async def test_reasoning_stays_out_of_the_answer(wire: Wire, provider_of: Open) -> None:
    found = await deltas_of(provider_of(answering(wire.sse([wire.reasoning("Hm."), *wire.answer()]))))
    assert found[:2] == [ReasoningDelta("Hm."), TextDelta("Pho")]


async def test_parts_may_be_cut_anywhere(wire: Wire, provider_of: Open) -> None:
    body = b": keep-alive\n\nevent: x\n" + wire.sse([wire.text("Größe 😀"), wire.end("length")])
    found = await deltas_of(provider_of(answering(*(body[index : index + 1] for index in range(len(body))))))
    assert found == [TextDelta("Größe 😀"), Finished("length", Usage())]


@pytest.mark.parametrize(
    ("end", "told"), [("stop", "stop"), ("length", "length"), ("odd", "other")], ids=["stop", "length", "other"]
)
@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_the_reason_of_the_end_is_told(
    wire: Wire, provider_of: Open, end: str, told: FinishReason, whole: bool
) -> None:
    if whole:
        answer = await provider_of(answering(orjson.dumps(wire.whole("x", end=end)))).complete(PROMPT, model="one")
        assert answer.finished == Finished(told, Usage(7, 2))
    else:
        found = await deltas_of(provider_of(answering(wire.sse([wire.text("x"), wire.end(end), wire.usage(7, 2)]))))
        assert found[-1] == Finished(told, Usage(7, 2))


async def test_the_end_may_come_without_done_after_a_finish_reason(wire: Wire, provider_of: Open) -> None:
    found = await deltas_of(provider_of(answering(wire.sse([wire.text("x"), wire.end("stop")], done=False))))
    assert found[-1] == Finished("stop", Usage())


async def test_no_room_for_a_word_is_an_end_by_length(wire: Wire, provider_of: Open) -> None:
    found = await deltas_of(provider_of(answering(wire.sse([wire.reasoning("Hm."), wire.end("length")]))))
    assert found == [ReasoningDelta("Hm."), Finished("length", Usage())]


async def test_a_whole_answer_is_the_same(wire: Wire, provider_of: Open) -> None:
    body = orjson.dumps(wire.whole("Photon", reasoning="Hm."))
    answer = await provider_of(answering(b"\n\n", body)).complete(PROMPT, model="one")  # DeepSeek keeps alive so
    assert (answer.text, answer.reasoning, answer.finished) == ("Photon", "Hm.", Finished("stop", Usage(7, 2)))


async def test_a_server_that_does_not_stream_is_understood(wire: Wire, provider_of: Open) -> None:
    found = await deltas_of(provider_of(answering(orjson.dumps(wire.whole("Photon")))))
    assert found == [TextDelta("Photon"), Finished("stop", Usage(7, 2))]


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_the_request_goes_to_its_address_with_key_and_id(wire: Wire, provider_of: Open, whole: bool) -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        body = orjson.dumps(wire.whole("x")) if whole else wire.sse(wire.answer())
        return httpx.Response(200, stream=Parts([body]))

    begin_request("request-1")
    provider = provider_of(handler)
    await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert [str(request.url) for request in seen] == [wire.url("one", stream=not whole)]
    assert seen[0].method == "POST"
    assert wire.key_in(seen[0].headers) == KEY
    assert seen[0].headers["x-request-id"] == "request-1"
    assert seen[0].headers["content-type"] == "application/json"


BROKEN_STREAMS = [
    pytest.param(lambda wire: wire.sse([wire.text("x")], done=False), "cut", id="cut"),
    pytest.param(lambda wire: wire.sse([wire.text("x")], done=False)[:-9], "cut", id="cut in mid-event"),
    pytest.param(lambda wire: b"<html>Welcome to the hotel's network</html>", "cut", id="html"),
    pytest.param(lambda wire: b"", "cut", id="nothing"),
    pytest.param(lambda wire: b'data: {"a": [{\n\n', "garbled", id="garbage"),
    pytest.param(lambda wire: b"data: [1]\n\n", "garbled", id="no object"),
    pytest.param(lambda wire: wire.sse([wire.text("é")]).replace(b"\xa9", b""), "garbled", id="half a character"),
    pytest.param(lambda wire: b"data: " + b"x" * 2_000_000, "garbled", id="endless event"),
    pytest.param(lambda wire: wire.sse([wire.text("x" * 1_100_000)]), "garbled", id="very long event"),
    pytest.param(lambda wire: wire.sse([wire.end("stop")]), "empty", id="no words"),
]


@pytest.mark.parametrize(("body", "reason"), BROKEN_STREAMS)
async def test_a_broken_stream_has_its_kind(wire: Wire, provider_of: Open, body: object, reason: str) -> None:
    assert callable(body)
    with pytest.raises(BrokenStream) as raised:
        await deltas_of(provider_of(answering(body(wire))))
    assert raised.value.reason == reason


@pytest.mark.parametrize("number", range(4))
async def test_an_event_of_another_shape_is_garbled(wire: Wire, provider_of: Open, number: int) -> None:
    event = wire.of_another_shape()[number]
    with pytest.raises(BrokenStream) as raised:
        await deltas_of(provider_of(answering(wire.sse([event, *wire.answer()]))))
    assert raised.value.reason == "garbled"


@pytest.mark.parametrize("reason", [5, True, ["stop"], {"a": 1}], ids=["number", "true", "list", "object"])
@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_a_reason_that_is_no_text_is_garbled(wire: Wire, provider_of: Open, reason: object, whole: bool) -> None:
    said = orjson.dumps(wire.ends["stop"])
    body = orjson.dumps(wire.whole("x")) if whole else wire.sse(wire.answer())
    provider = provider_of(answering(body.replace(said, orjson.dumps(reason))))
    with pytest.raises(BrokenStream) as raised:
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert raised.value.reason == "garbled"


AFTER_THE_END = [
    pytest.param(b"data: {]\n\n", None, id="garbage"),
    pytest.param(b'data: {"error": {"message": "gone", "code": 500}}\n\n', None, id="an error event"),
    pytest.param(b"", httpx.ReadError("reset"), id="reset"),
    pytest.param(b"", httpx.ConnectTimeout("what aiohttp's transport makes of a reset"), id="lost"),
    pytest.param(b"", httpx.ReadTimeout("late"), id="late"),
    pytest.param(b"", ConnectionResetError("reset"), id="reset of the system"),
]


@pytest.mark.parametrize(("more", "error"), AFTER_THE_END)
@pytest.mark.parametrize("done", [True, False], ids=["done", "reason alone"])
@pytest.mark.parametrize("together", [True, False], ids=["one part", "two parts"])
async def test_what_goes_wrong_after_the_end_takes_nothing_from_the_answer(
    wire: Wire, provider_of: Open, more: bytes, error: Exception | None, done: bool, together: bool
) -> None:
    answer = wire.sse(wire.answer(), done=done)
    parts = [answer + more] if together else [answer, more]
    body = Parts(parts, error)
    found = await deltas_of(provider_of(lambda request: httpx.Response(200, stream=body)))
    assert found == [TextDelta("Pho"), TextDelta("ton"), Finished("stop", Usage(7, 2))]
    assert body.closed


async def test_words_after_the_reason_are_of_the_answer_too(wire: Wire, provider_of: Open) -> None:
    parts = [wire.sse([each], done=False) for each in (wire.end("stop"), wire.text("Pho"), wire.text("ton"))]
    found = await deltas_of(provider_of(answering(*parts)))
    assert found == [TextDelta("Pho"), TextDelta("ton"), Finished("stop", Usage())]


async def test_a_whole_answer_without_an_end_is_garbled(provider_of: Open) -> None:
    body = Parts([b" " * 500_000] * 100)
    with pytest.raises(BrokenStream) as raised:
        await provider_of(lambda request: httpx.Response(200, stream=body)).complete(PROMPT, model="one")
    assert (raised.value.reason, body.read, body.closed) == ("garbled", 3, True)


async def test_what_came_before_garbage_is_kept(wire: Wire, provider_of: Open) -> None:
    provider = provider_of(answering(wire.sse([wire.text("x")], done=False) + b"data: {]\n\n"))
    async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
        assert await anext(deltas) == TextDelta("x")
        with pytest.raises(BrokenStream):
            await anext(deltas)


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_an_answer_that_is_filtered_has_its_kind(wire: Wire, provider_of: Open, whole: bool) -> None:
    if whole:
        provider = provider_of(answering(orjson.dumps(wire.whole("x", end="filter"))))
    else:
        provider = provider_of(answering(wire.sse([wire.text("x"), wire.end("filter")])))
    with pytest.raises(ContentFiltered) as raised:
        await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert raised.value.reason == "filtered"


NO_ANSWERS = [b"", b"{", b"[]", b"{}", b"null", b'{"choices":[],"candidates":[]}']


@pytest.mark.parametrize("body", NO_ANSWERS)
async def test_a_broken_whole_answer_is_garbled(provider_of: Open, body: bytes) -> None:
    with pytest.raises(BrokenStream) as raised:
        await provider_of(answering(body)).complete(PROMPT, model="one")
    assert raised.value.reason == "garbled"


@pytest.mark.parametrize(
    ("late_error", "kind", "reason"),
    [
        (httpx.ReadError("reset"), BrokenStream, "cut"),
        (httpx.RemoteProtocolError("incomplete chunked read"), BrokenStream, "cut"),
        (httpx.ConnectTimeout("what aiohttp's transport makes of a reset"), BrokenStream, "cut"),
        (ConnectionResetError("reset"), BrokenStream, "cut"),
        (httpx.ReadTimeout("late"), ProviderTimeout, "timeout"),
    ],
    ids=["reset", "protocol", "lost", "reset of the system", "late"],
)
async def test_a_socket_that_fails_in_mid_answer_keeps_what_came(
    wire: Wire, provider_of: Open, late_error: Exception, kind: type[BrokenStream | ProviderTimeout], reason: str
) -> None:
    body = Parts([wire.sse([wire.text("x")], done=False)], late_error)
    provider = provider_of(lambda request: httpx.Response(200, stream=body))
    async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
        assert await anext(deltas) == TextDelta("x")
        with pytest.raises(kind) as raised:
            await anext(deltas)
    assert (type(raised.value), raised.value.reason) == (kind, reason)
    assert body.closed


async def test_an_error_in_mid_answer_has_its_kind(wire: Wire, provider_of: Open) -> None:
    error = {"error": {"code": 429, "message": "slow down"}}
    provider = provider_of(answering(wire.sse([wire.text("x"), error])))
    async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
        assert await anext(deltas) == TextDelta("x")
        with pytest.raises(RateLimited):
            await anext(deltas)


async def test_leaving_early_closes_the_response(wire: Wire, provider_of: Open) -> None:
    body = Parts([wire.sse([wire.text(str(number))], done=False) for number in range(10)])
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


async def test_the_budget_leaves_room_for_the_answer(wire: Wire, provider_of: Open) -> None:
    provider = provider_of(answering(b""))
    assert 0 < provider.prompt_budget_tokens < provider.context_tokens
    assert provider.context_tokens >= 8192
