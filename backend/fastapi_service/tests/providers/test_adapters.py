"""What is each adapter's own."""

import asyncio
import socket
from contextlib import aclosing

import httpx
import orjson
import pytest
import respx

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import ProviderUnavailable
from fastapi_service.providers.base import Finished, Message, Prompt, ReasoningDelta, TextDelta, Timeouts, Usage
from fastapi_service.providers.deepseek import DeepSeek
from fastapi_service.providers.local import EMBEDDED_OUTPUT_TOKENS, Local
from fastapi_service.tests.providers.scripted_server import Parts

TIMEOUTS = Timeouts(connect_s=1, first_token_s=1, between_tokens_s=1, total_s=5)
PROMPT = Prompt(messages=(Message("user", "Why is the sky blue?"),))
ANSWER = {"choices": [{"message": {"content": "Scattering."}, "finish_reason": "stop"}]}


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_stays_out_of_the_answer(field: str) -> None:
    deltas = [{field: "Rayleigh…", "content": None}, {"content": "Scattering."}]
    events = [{"choices": [{"delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    body = b"".join(b"data: %b\n\n" % orjson.dumps(event) for event in events) + b"data: [DONE]\n\n"
    with respx.mock(using="httpx") as router:
        route = router.post("https://api.deepseek.com/chat/completions").respond(200, stream=Parts([body]))
        async with httpx.AsyncClient() as client:
            provider = DeepSeek(ProviderSettings("deepseek", api_key="k"), timeouts=TIMEOUTS, http_client=client)
            found = [delta async for delta in provider.stream(PROMPT, model="deepseek-chat")]
    assert found == [ReasoningDelta("Rayleigh…"), TextDelta("Scattering."), Finished("stop", Usage())]
    assert route.call_count == 1


async def test_the_embedded_model_is_called_weak_and_kept_short() -> None:
    with respx.mock(using="httpx") as router:
        route = router.post("http://127.0.0.1:8002/v1/chat/completions").respond(200, json=ANSWER)
        async with httpx.AsyncClient() as client:
            settings = ProviderSettings("local", base_url="http://127.0.0.1:8002/v1", embedded=True)
            provider = Local(settings, timeouts=TIMEOUTS, http_client=client)
            await provider.complete(PROMPT, model=await provider.model_for(None))
    assert provider.weak
    assert provider.prompt_budget_tokens == 1000
    assert orjson.loads(route.calls.last.request.content)["max_tokens"] == EMBEDDED_OUTPUT_TOKENS


async def test_a_local_server_without_a_named_model_is_asked_for_its_first() -> None:
    with respx.mock(using="httpx") as router:
        models = router.get("http://127.0.0.1:11434/v1/models")
        models.respond(200, json={"object": "list", "data": [{"id": "qwen3:8b"}, {"id": "gemma3:4b"}]})
        async with httpx.AsyncClient() as client:
            settings = ProviderSettings("local", base_url="http://127.0.0.1:11434/v1")
            provider = Local(settings, timeouts=TIMEOUTS, http_client=client)
            assert await provider.model_for(None) == "qwen3:8b"
            assert await provider.model_for("gemma3:4b") == "gemma3:4b"
    assert models.call_count == 1
    assert not provider.weak


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(200, json={"data": []}), "no_model"),
        (httpx.Response(200, json={"hello": "world"}), "garbled"),
        (httpx.Response(200, html="<html>"), "garbled"),
        (httpx.ConnectError("refused"), "connect"),
    ],
    ids=["no model", "no list", "no json", "not there"],
)
async def test_a_local_server_that_cannot_say_its_models_has_its_kind(
    answer: httpx.Response | Exception, reason: str
) -> None:
    with respx.mock(using="httpx") as router:
        router.get("http://127.0.0.1:11434/v1/models").mock(
            **({"return_value": answer} if isinstance(answer, httpx.Response) else {"side_effect": answer})
        )
        async with httpx.AsyncClient() as client:
            settings = ProviderSettings("local", base_url="http://127.0.0.1:11434/v1")
            with pytest.raises(ProviderUnavailable) as raised:
                await Local(settings, timeouts=TIMEOUTS, http_client=client).model_for(None)
    assert raised.value.reason == reason


async def test_a_pooled_connection_that_dies_unanswered_costs_nothing() -> None:
    connections = 0
    body = orjson.dumps(ANSWER)

    async def serve_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first request as if the connection were kept, and close it when the second one comes."""
        nonlocal connections
        connections += 1
        for answered in (False, True):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            if not answered:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()

    async with await asyncio.start_server(serve_once, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = ProviderSettings("local", base_url=f"http://127.0.0.1:{port}/v1", models=("m",))
        async with aclosing(Local(settings, timeouts=TIMEOUTS)) as provider:
            answers = [await provider.complete(PROMPT, model="m") for _ in range(3)]
    assert [answer.text for answer in answers] == ["Scattering."] * 3
    assert connections == 3


async def test_a_server_that_is_not_there_is_a_connect_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings = ProviderSettings("local", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1", models=("m",))
        async with aclosing(Local(settings, timeouts=TIMEOUTS)) as provider:
            with pytest.raises(ProviderUnavailable) as raised:
                await provider.complete(PROMPT, model="m")
    assert raised.value.reason == "connect"
