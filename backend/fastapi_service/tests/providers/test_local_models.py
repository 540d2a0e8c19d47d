"""The models that a local server names itself: asked for when they are needed, and forgotten again."""

import asyncio
from contextlib import aclosing

import httpx
import orjson
import pytest
import respx

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import ModelNotFound, ProviderUnavailable
from fastapi_service.providers import local
from fastapi_service.providers.local import Local
from fastapi_service.tests.providers.conftest import TIMEOUTS
from fastapi_service.tests.providers.scripted_server import Parts
from fastapi_service.tests.providers.test_contract import PROMPT


class Server:
    """Serves the models it has at the moment."""

    def __init__(self, *models: str) -> None:
        self.models = models
        self.listed = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/models"):
            self.listed += 1
            return httpx.Response(200, json={"data": [{"id": model} for model in self.models]})
        if orjson.loads(request.content)["model"] not in self.models:
            return httpx.Response(404, json={"error": {"message": "model not found"}})
        return httpx.Response(200, json={"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]})

    def provider(self, *configured: str) -> Local:
        settings = ProviderSettings("local", base_url="http://127.0.0.1:11434/v1", models=configured)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Local(settings, timeouts=TIMEOUTS, http_client=client)


def known_to(provider: Local) -> list[str]:
    return list(provider.models)


async def test_names_are_forgotten_when_the_server_does_not_know_one() -> None:
    server = Server("old")
    async with aclosing(server.provider()) as provider:
        await provider.complete(PROMPT, model=await provider.model_for(None))
        assert known_to(provider) == ["old"]
        server.models = ("new",)
        with pytest.raises(ModelNotFound):
            await provider.complete(PROMPT, model=await provider.model_for(None))
        assert not known_to(provider)
        assert (await provider.complete(PROMPT, model=await provider.model_for("new"))).text == "x"
    assert server.listed == 2


async def test_names_are_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "NAMES_SECONDS", 0.01)
    server = Server("old")
    async with aclosing(server.provider()) as provider:
        assert await provider.model_for(None) == "old"
        later = asyncio.Event()
        asyncio.get_running_loop().call_later(0.02, later.set)
        assert known_to(provider) == ["old"]
        await later.wait()
        assert not known_to(provider)
        server.models = ("new",)
        assert await provider.model_for("new") == "new"


async def test_names_of_the_operator_stay() -> None:
    server = Server("other")
    async with aclosing(server.provider("mine")) as provider:
        with pytest.raises(ModelNotFound):
            await provider.complete(PROMPT, model=await provider.model_for(None))
        assert known_to(provider) == ["mine"]
    assert server.listed == 0


async def test_a_list_without_an_end_is_garbled() -> None:
    body = Parts([b" " * 500_000] * 100)
    settings = ProviderSettings("local", base_url="http://127.0.0.1:11434/v1")
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(200, stream=body)))
    async with aclosing(Local(settings, timeouts=TIMEOUTS, http_client=client)) as provider:
        with pytest.raises(ProviderUnavailable) as raised:
            await provider.model_for(None)
    assert (raised.value.reason, body.read, body.closed) == ("garbled", 3, True)


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
