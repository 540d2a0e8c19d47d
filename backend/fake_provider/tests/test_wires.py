"""Each wire's answers, streamed and whole, over real HTTP."""

from typing import Any

import pytest

from fake_provider.directive import Script, answer_option
from fake_provider.testing import FakeHere
from fake_provider.tests.clients import ALL_WIRES, AZURE_PATH, ask, numbered, open_client, request_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
STREAM = pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
WIRES = pytest.mark.parametrize("provider", ALL_WIRES)
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.fixture
def fake(running: FakeHere) -> FakeHere:
    running.app.clear()
    running.app.scripts.defaults = Script(rate=0, first=0)
    return running


@WIRES
@STREAM
async def test_an_answer_has_text_thoughts_end_and_usage(fake: FakeHere, provider: str, stream: bool) -> None:
    reply = await ask(fake, provider, "hi [[tokens=3 reasoning=2]]", stream=stream)
    stop = "STOP" if provider == "gemini" else "stop"
    assert (reply.text, reply.thoughts, reply.finish, reply.tokens) == ("t0 t1 t2 ", "r0 r1 ", stop, (5, 5))
    (entry,) = fake.entries
    assert (entry.provider, entry.model, entry.tokens_sent, entry.closed_by) == (provider, "m", 5, "server")
    assert [message["role"] for message in entry.messages] == ["system", "user"]
    assert not {"messages", "contents", "systemInstruction"} & entry.body.keys()


@pytest.mark.parametrize("provider", [name for name in ALL_WIRES if name != "deepseek"])
async def test_a_schema_is_noted_where_the_api_takes_one(fake: FakeHere, provider: str) -> None:
    text = '{"a": "„straight“ \\n \\"quoted\\""}'
    reply = await ask(fake, provider, f"hi [[{answer_option(text)}]]", schema=SCHEMA)
    assert (reply.text, fake.entries[0].response_schema) == (text, SCHEMA)


async def test_deepseek_takes_no_schema(fake: FakeHere) -> None:
    reply = await ask(fake, "deepseek", "hi", schema=SCHEMA)
    assert (reply.status, reply.events[0]["error"]["message"]) == (400, "This response_format type is unavailable now")


async def test_deepseek_keeps_alive_before_the_first_token_and_counts_its_cache(fake: FakeHere) -> None:
    streamed = await ask(fake, "deepseek", "hi [[tokens=1]]")
    whole = await ask(fake, "deepseek", "hi [[tokens=1]]", stream=False)
    assert streamed.content.startswith(b": keep-alive\n\n")
    assert whole.content.startswith(b"\n\n{")
    assert streamed.events[-1]["usage"] == whole.events[0]["usage"]
    assert whole.events[0]["usage"]["prompt_cache_miss_tokens"] == 4


async def test_azure_tells_what_its_filter_found(fake: FakeHere) -> None:
    reply = await ask(fake, "azure_openai", "hi [[tokens=1]]")
    first, _, token, *_ = reply.events
    assert first["choices"] == []
    assert first["prompt_filter_results"][0]["content_filter_results"]["hate"] == {
        "filtered": False,
        "severity": "safe",
    }
    assert token["choices"][0]["content_filter_results"]["violence"]["severity"] == "safe"


async def test_gemini_ends_without_a_mark_and_repeats_the_usage(fake: FakeHere) -> None:
    reply = await ask(fake, "gemini", "hi [[tokens=2]]")
    assert b"[DONE]" not in reply.content
    assert reply.content.endswith(b"}\r\n\r\n")
    assert [event["usageMetadata"]["promptTokenCount"] for event in reply.events] == [4, 4, 4]
    assert (reply.events[0]["modelVersion"], reply.events[0]["responseId"]) == ("m", f"fake-{fake.entries[0].id}")
    assert "finishReason" not in reply.events[1]["candidates"][0]


async def test_gemini_without_sse_is_an_array(fake: FakeHere) -> None:
    url, headers, body = request_of(fake, "gemini", [("user", "hi [[tokens=1]]")], stream=True)
    async with open_client() as client:
        answer = await client.post(url.removesuffix("?alt=sse"), headers=headers, json=body)
        body["contents"][0]["parts"][0]["text"] = "hi [[fault=503]]"
        error = await client.post(url.removesuffix("?alt=sse"), headers=headers, json=body)
    assert answer.json()[0]["candidates"][0]["content"]["parts"] == [{"text": "t0 "}]
    assert error.json()[0]["error"]["status"] == "UNAVAILABLE"


async def test_a_picture_stays_in_the_logged_message(fake: FakeHere) -> None:
    url, headers, body = request_of(fake, "gemini", [("user", "what is this?")], stream=False)
    body["contents"][0]["parts"].append({"inlineData": {"mimeType": "image/png", "data": "AAAA"}})
    async with open_client() as client:
        await client.post(url, headers=headers, json=body)
    picture = {"type": "image", "media_type": "image/png", "data": "AAAA"}
    assert fake.entries[0].messages[1]["content"] == [{"type": "text", "text": "what is this?"}, picture]


@pytest.mark.parametrize(
    ("provider", "header", "status"),
    [
        ("azure_openai", "api-key", 401),
        ("deepseek", "authorization", 401),
        ("gemini", "x-goog-api-key", 403),
        ("huggingface", "authorization", 401),
    ],
)
async def test_a_request_without_a_key_is_refused(fake: FakeHere, provider: str, header: str, status: int) -> None:
    url, headers, body = request_of(fake, provider, [("user", "hi")], stream=True)
    assert headers.pop(header)
    async with open_client() as client:
        assert (await client.post(url, headers=headers, json=body)).status_code == status
    assert fake.entries == []


async def test_azure_needs_its_api_version(fake: FakeHere) -> None:
    async with open_client() as client:
        url = fake.url_of("azure_openai") + AZURE_PATH
        response = await client.post(url, headers={"api-key": "k"}, json={"messages": []})
    assert (response.status_code, response.json()["error"]) == (404, {"code": "404", "message": "Resource not found"})


@pytest.mark.parametrize(
    ("provider", "path", "key", "name"),
    [
        ("local", "/models", "data", "id"),
        ("deepseek", "/models", "data", "id"),
        ("huggingface", "/models", "data", "id"),
        ("gemini", "/v1beta/models", "models", "name"),
    ],
)
async def test_models_are_listed(fake: FakeHere, provider: str, path: str, key: str, name: str) -> None:
    async with open_client() as client:
        page: dict[str, Any] = (await client.get(fake.url_of(provider) + path)).json()
        lost = await client.get(fake.url_of(provider) + "/nowhere")
    assert page[key][0][name].endswith("fake-model")
    assert lost.status_code == 404


@WIRES
@pytest.mark.parametrize("content", [b"{", b"[]"], ids=["no-json", "no-object"])
async def test_a_body_that_is_no_object_is_a_bad_request(fake: FakeHere, provider: str, content: bytes) -> None:
    url, headers, _ = request_of(fake, provider, [("user", "hi")], stream=True)
    async with open_client() as client:
        response = await client.post(url, headers=headers, content=content)
    assert (response.status_code, next(iter(response.json()))) == (400, "error")


@WIRES
async def test_each_token_is_an_event_of_its_own(fake: FakeHere, provider: str) -> None:
    reply = await ask(fake, provider, "hi [[tokens=40]]")
    assert reply.text == numbered(0, 40)
    assert reply.content.count(b"t39 ") == 1
    assert len(reply.events) >= 41
