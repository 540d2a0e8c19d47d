"""What is each adapter's own."""

import httpx
import orjson
import pytest
import respx

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import ProviderUnavailable
from fastapi_service.providers.base import Finished, Message, Prompt, ReasoningDelta, TextDelta, Timeouts, Usage
from fastapi_service.providers.deepseek import DeepSeek
from fastapi_service.providers.local import Local
from fastapi_service.tests.providers.test_contract import Parts

TIMEOUTS = Timeouts(connect_s=1, first_token_s=1, between_tokens_s=1, total_s=5)
PROMPT = Prompt(messages=(Message("user", "Why is the sky blue?"),))
ANSWER = {"choices": [{"message": {"content": "Scattering."}, "finish_reason": "stop"}]}


async def test_deepseeks_reasoning_stays_out_of_the_answer() -> None:
    deltas = [{"reasoning_content": "Rayleigh…", "content": None}, {"content": "Scattering."}]
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
    assert orjson.loads(route.calls.last.request.content)["max_tokens"] == 1024


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
