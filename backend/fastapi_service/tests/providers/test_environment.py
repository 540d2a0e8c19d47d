"""What an SDK would take from the environment for itself, and tell to whoever is asked."""

from contextlib import aclosing

import httpx
import orjson
import pytest
from huggingface_hub import constants

from fastapi_service.core.config import ProviderSettings
from fastapi_service.tests.providers.conftest import KEY, TIMEOUTS, Open
from fastapi_service.tests.providers.scripted_server import BASE_URL, Parts, Wire, only
from fastapi_service.tests.providers.test_contract import PROMPT, deltas_of

CANARY = "canary"
READ_BY_SDKS = (
    *("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_WEBHOOK_SECRET"),
    *("OPENAI_API_VERSION", "OPENAI_API_TYPE"),
    *("AZURE_OPENAI_AD_TOKEN", "AZURE_OPENAI_API_KEY"),
    *("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACEHUB_API_TOKEN"),
    *(
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CLOUD_LOCATION",
        "GOOGLE_CLOUD_QUOTA_PROJECT",
    ),
    *("GOOGLE_GENAI_API_VERSION", "GOOGLE_APPLICATION_CREDENTIALS"),
)
ADDRESSES = (
    *("OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL"),
    *("HF_ENDPOINT", "HF_INFERENCE_ENDPOINT"),
)
SWITCHES = ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE")


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in READ_BY_SDKS:
        monkeypatch.setenv(name, CANARY)
    monkeypatch.setattr(constants, "HF_HUB_USER_AGENT_ORIGIN", CANARY)  # read when the SDK is imported
    for name in ADDRESSES:
        monkeypatch.setenv(name, f"http://{CANARY}.test")
    for name in SWITCHES:
        monkeypatch.setenv(name, "true")
    headers = f"Authorization: Bearer {CANARY}\napi-key: {CANARY}\nX-Gateway: {CANARY}\nUser-Agent: {CANARY}"
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", headers)


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
async def test_nothing_of_the_environment_is_in_a_request(wire: Wire, provider_of: Open, whole: bool) -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        body = orjson.dumps(wire.whole("x")) if whole else wire.sse(wire.answer())
        return httpx.Response(200, stream=Parts([body]))

    provider = provider_of(handler)
    await (provider.complete(PROMPT, model="one") if whole else deltas_of(provider))
    assert CANARY not in said_in(asked)
    assert wire.key_in(asked[0].headers) == KEY


@only("local")
@pytest.mark.usefixtures("planted")
async def test_nothing_of_the_environment_is_in_a_question_for_models(wire: Wire) -> None:
    asked: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"data": [{"id": "one"}]})

    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    settings = ProviderSettings("local", base_url=BASE_URL)
    async with aclosing(wire.adapter(settings, timeouts=TIMEOUTS, http_client=client)) as provider:
        assert await provider.model_for(None) == "one"
    assert CANARY not in said_in(asked)


def said_in(requests: list[httpx.Request]) -> str:
    return " ".join(f"{each.url} {each.headers.raw} {each.content!r}" for each in requests).lower()
