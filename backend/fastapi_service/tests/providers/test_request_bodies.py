"""What each adapter posts for a prompt."""

from contextlib import aclosing
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from fastapi_service.providers.base import Image, Message, Prompt
from fastapi_service.providers.strict_schema import fits_strict_mode
from fastapi_service.tests.providers.conftest import Open
from fastapi_service.tests.providers.scripted_server import Parts, Wire, only

Json = dict[str, Any]  # Any: JSON
PROMPT = Prompt(messages=(Message("user", "Why is the sky blue?"),))
CLOSED = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}}
TALK = Prompt(
    messages=(
        Message("system", "Be brief."),
        Message("user", ("What is this?", Image("image/png", "aWNvbg=="))),
        Message("assistant", "A leaf."),
        Message("user", "And this?"),
    ),
    temperature=0.5,
    max_output_tokens=9,
    response_schema=CLOSED,
)


async def body_of(wire: Wire, provider_of: Open, prompt: Prompt, *, stream: bool = True, model: str = "one") -> Json:
    """What the adapter posts."""
    posted: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        posted.append(request.content)
        body = wire.sse(wire.answer()) if stream else orjson.dumps(wire.whole("x"))
        return httpx.Response(200, stream=Parts([body]))

    provider = provider_of(handler)
    if stream:
        async with aclosing(provider.stream(prompt, model=model)) as deltas:
            assert [delta async for delta in deltas]
    else:
        await provider.complete(prompt, model=model)
    found: Json = orjson.loads(posted[0])
    return found


def expected_chat(*, model: str = "one", images: bool = False, limit: str = "max_tokens", form: Json) -> Json:
    seen: object = "What is this?"
    if images:
        url = "data:image/png;base64,aWNvbg=="
        seen = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    return {
        "model": model,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": seen},
            {"role": "assistant", "content": "A leaf."},
            {"role": "user", "content": "And this?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        limit: 9,
        "response_format": form,
    }


STRICT = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": CLOSED}}
BODIES = {
    "azure_openai": expected_chat(images=True, limit="max_completion_tokens", form=STRICT),
    "deepseek": expected_chat(form={"type": "json_object"}),
    "huggingface": expected_chat(form=STRICT),
    "local": expected_chat(form=STRICT),
    "gemini": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {
                "role": "user",
                "parts": [{"text": "What is this?"}, {"inlineData": {"mimeType": "image/png", "data": "aWNvbg=="}}],
            },
            {"role": "model", "parts": [{"text": "A leaf."}]},
            {"role": "user", "parts": [{"text": "And this?"}]},
        ],
        "generationConfig": {
            "temperature": 0.5,
            "maxOutputTokens": 9,
            "responseMimeType": "application/json",
            "responseJsonSchema": CLOSED,
        },
    },
}


async def test_the_body_says_what_the_prompt_says(wire: Wire, provider_of: Open) -> None:
    assert await body_of(wire, provider_of, TALK) == BODIES[wire.name]


async def test_what_the_prompt_leaves_open_is_not_sent(wire: Wire, provider_of: Open) -> None:
    body = await body_of(wire, provider_of, PROMPT, stream=False)
    if wire.name == "gemini":
        assert body == {
            "contents": [{"role": "user", "parts": [{"text": PROMPT.messages[0].text}]}],
            "generationConfig": {},
        }
    else:
        assert body == {"model": "one", "messages": [{"role": "user", "content": PROMPT.messages[0].text}]}


@only("azure_openai", "huggingface", "local")
async def test_strict_mode_is_asked_for_only_where_the_schema_fits(wire: Wire, provider_of: Open) -> None:
    body = await body_of(wire, provider_of, replace(PROMPT, response_schema=OPEN))
    assert body["response_format"]["json_schema"] == {"name": "answer", "strict": False, "schema": OPEN}


@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        pytest.param(CLOSED, True, id="closed"),
        pytest.param(OPEN, False, id="open"),
        pytest.param({"type": "array", "items": CLOSED}, False, id="no object"),
        pytest.param({**CLOSED, "required": []}, False, id="optional"),
        pytest.param({**CLOSED, "additionalProperties": True}, False, id="more allowed"),
        pytest.param({**CLOSED, "properties": {"a": {"type": "array", "items": CLOSED}}}, True, id="list, closed"),
        pytest.param({**CLOSED, "properties": {"a": {"type": "array", "items": OPEN}}}, False, id="list, open"),
        pytest.param({**CLOSED, "properties": {"a": {"anyOf": [CLOSED, {"type": "null"}]}}}, True, id="any, closed"),
        pytest.param({**CLOSED, "properties": {"a": {"anyOf": [OPEN, {"type": "null"}]}}}, False, id="any, open"),
        pytest.param({**CLOSED, "properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": OPEN}}, False, id="defs"),
        pytest.param({**CLOSED, "properties": {"a": {"type": ["object", "null"]}}}, False, id="two types"),
        pytest.param({**CLOSED, "properties": {"a": {"oneOf": [CLOSED]}}}, False, id="unsupported word"),
        pytest.param({**CLOSED, "properties": {"a": {}}}, False, id="anything"),
        pytest.param({**CLOSED, "properties": {"a": True}}, False, id="a boolean"),
    ],
)
def test_a_schema_fits_strict_mode_or_not(schema: Json, fits: bool) -> None:
    assert fits_strict_mode(schema) is fits


@only("gemini")
async def test_gemini_is_asked_for_its_thoughts_and_gemma_is_not(wire: Wire, provider_of: Open) -> None:
    body = await body_of(wire, provider_of, PROMPT, model="gemini-flash-latest")
    assert body["generationConfig"] == {"thinkingConfig": {"includeThoughts": True}}
    body = await body_of(wire, provider_of, PROMPT, model="gemma-3-27b-it")
    assert body["generationConfig"] == {}
