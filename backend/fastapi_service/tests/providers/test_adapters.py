"""What is each adapter's own."""

import asyncio
import socket
from contextlib import aclosing
from dataclasses import replace

import httpx
import httpx2
import orjson
import pytest
import respx

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import ContentFiltered, ProviderOverloaded, ProviderUnavailable
from fastapi_service.providers.base import Message, Prompt, ReasoningDelta
from fastapi_service.providers.deepseek import DeepSeek
from fastapi_service.providers.huggingface import HuggingFace
from fastapi_service.providers.local import EMBEDDED_OUTPUT_TOKENS, Local
from fastapi_service.tests.providers.conftest import KEY, TIMEOUTS, Open
from fastapi_service.tests.providers.scripted_server import Wire, only
from fastapi_service.tests.providers.test_contract import answering, deltas_of

PROMPT = Prompt(messages=(Message("user", "Why is the sky blue?"),))
ANSWER = {"choices": [{"message": {"content": "Scattering."}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("", "https://api.deepseek.com"),
        ("http://provider.test", "http://provider.test"),
        ("http://provider.test/v1", "http://provider.test"),
        ("http://provider.test/beta", "http://provider.test"),
        ("http://provider.test/deepseek", "http://provider.test/deepseek"),
    ],
)
async def test_deepseek_goes_on_by_prefix_completion(base_url: str, address: str) -> None:
    with respx.mock(using="httpx") as router:
        route = router.post(f"{address}/beta/chat/completions").respond(200, json=ANSWER)
        settings = ProviderSettings("deepseek", api_key=KEY, base_url=base_url)
        async with aclosing(DeepSeek(settings, timeouts=TIMEOUTS, http_client=httpx.AsyncClient())) as provider:
            assert provider.abilities.continues
            await provider.complete(replace(PROMPT, continue_from="Because of"), model="one")
    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    last = orjson.loads(request.content)["messages"][-1]
    assert last == {"role": "assistant", "content": "Because of", "prefix": True}


@only("deepseek")
async def test_deepseek_out_of_resources_is_overloaded(wire: Wire, provider_of: Open) -> None:
    event = {"choices": [{"delta": {}, "finish_reason": "insufficient_system_resource"}]}
    with pytest.raises(ProviderOverloaded):
        await deltas_of(provider_of(answering(wire.sse([wire.text("x"), event]))))


@only("local")
async def test_thinking_may_have_another_name(wire: Wire, provider_of: Open) -> None:
    event = {"choices": [{"delta": {"reasoning": "Hm.", "content": ""}}]}
    assert (await deltas_of(provider_of(answering(wire.sse([event, *wire.answer()])))))[0] == ReasoningDelta("Hm.")


@only("azure_openai")
async def test_a_refusal_to_fill_a_schema_is_a_filtered_answer(wire: Wire, provider_of: Open) -> None:
    event = {"choices": [{"delta": {"refusal": "I cannot help with that."}}]}
    with pytest.raises(ContentFiltered):
        await deltas_of(provider_of(answering(wire.sse([event, wire.end("stop")]))))


@only("azure_openai")
async def test_azure_takes_the_operators_api_version(wire: Wire) -> None:
    with respx.mock(using="httpx") as router:
        address = "https://x.openai.azure.com/openai/deployments/study/chat/completions"
        route = router.post(address, params={"api-version": "2025-04-01-preview"}).respond(200, json=wire.whole("x"))
        settings = ProviderSettings(
            "azure_openai",
            api_key=KEY,
            base_url="https://x.openai.azure.com",
            models=("study",),
            api_version="2025-04-01-preview",
        )
        async with aclosing(wire.adapter(settings, timeouts=TIMEOUTS, http_client=httpx.AsyncClient())) as provider:
            answer = await provider.complete(PROMPT, model=await provider.model_for(None))
    assert (answer.text, route.call_count) == ("x", 1)


@only("gemini")
async def test_a_prompt_that_gemini_blocks_is_filtered(wire: Wire, provider_of: Open) -> None:
    blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **wire.usage(7, 1)}
    with pytest.raises(ContentFiltered):
        await deltas_of(provider_of(answering(wire.sse([blocked]))))
    with pytest.raises(ContentFiltered):
        await provider_of(answering(orjson.dumps(blocked))).complete(PROMPT, model="one")


@only("gemini")
@pytest.mark.parametrize("reason", ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION", "SPII"])
async def test_gemini_has_many_words_for_filtered(wire: Wire, provider_of: Open, reason: str) -> None:
    with pytest.raises(ContentFiltered):
        await deltas_of(provider_of(answering(wire.sse([wire.text("x"), {"candidates": [{"finishReason": reason}]}]))))


@only("huggingface")
@pytest.mark.parametrize(
    ("base_url", "address"),
    [
        ("", "https://router.huggingface.co/v1/chat/completions"),
        ("https://x.endpoints.huggingface.cloud", "https://x.endpoints.huggingface.cloud/v1/chat/completions"),
        ("https://x.endpoints.huggingface.cloud/v1", "https://x.endpoints.huggingface.cloud/v1/chat/completions"),
    ],
    ids=["router", "endpoint", "endpoint with version"],
)
async def test_huggingface_asks_router_or_endpoint_and_not_the_hub(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, base_url: str, address: str
) -> None:
    monkeypatch.delattr(httpx2.HTTPTransport, "handle_request")  # what the SDK would reach the hub by
    with respx.mock(using="httpx") as router:
        route = router.post(address).respond(200, json=wire.whole("x"))
        settings = ProviderSettings("huggingface", api_key="hf_k", base_url=base_url)
        async with aclosing(HuggingFace(settings, timeouts=TIMEOUTS, http_client=httpx.AsyncClient())) as provider:
            model = await provider.model_for(None)
            await provider.complete(PROMPT, model=model)
    assert route.call_count == 1
    assert route.calls.last.request.headers["authorization"] == "Bearer hf_k"
    assert orjson.loads(route.calls.last.request.content)["model"] == model


async def test_the_embedded_model_goes_on_from_a_beginning() -> None:
    """llama.cpp repeats the beginning in a whole answer, and not in a stream."""
    whole = {"choices": [{"message": {"content": "Light scatters."}, "finish_reason": "stop"}]}
    with respx.mock(using="httpx") as router:
        route = router.post("http://127.0.0.1:8002/v1/chat/completions").respond(200, json=whole)
        settings = ProviderSettings("local", base_url="http://127.0.0.1:8002/v1", embedded=True)
        async with aclosing(Local(settings, timeouts=TIMEOUTS, http_client=httpx.AsyncClient())) as provider:
            assert provider.abilities.continues
            answer = await provider.complete(replace(PROMPT, continue_from="Light "), model="m")
    assert answer.text == "scatters."
    last = orjson.loads(route.calls.last.request.content)["messages"][-1]
    assert last == {"role": "assistant", "content": "Light "}


async def test_other_local_servers_are_not_asked_to_go_on(provider_of: Open, wire: Wire) -> None:
    assert provider_of(answering(b"")).abilities.continues is (wire.name == "deepseek")


async def test_only_models_that_see_get_pictures(provider_of: Open, wire: Wire) -> None:
    assert provider_of(answering(b"")).abilities.images is (wire.name in {"azure_openai", "gemini"})


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
