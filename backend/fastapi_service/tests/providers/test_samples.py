"""Each sample of a vendor's wire format, and what it must become."""

from pathlib import Path

import httpx
import pytest

from fastapi_service.core.errors import (
    AuthFailed,
    ContentFiltered,
    ContextTooLong,
    ModelNotFound,
    ProviderError,
    ProviderOverloaded,
    RateLimited,
)
from fastapi_service.providers.base import Answer, Delta, Finished, ReasoningDelta, TextDelta, Usage
from fastapi_service.tests.providers.conftest import Open
from fastapi_service.tests.providers.scripted_server import BY_NAME, Wire, only
from fastapi_service.tests.providers.test_contract import PROMPT, answering, deltas_of

SAMPLES = Path(__file__).parent / "samples"
WORDS: list[Delta] = [TextDelta("Light"), TextDelta(" bends.")]
THOUGHT: list[Delta] = [ReasoningDelta("A prism?")]
STREAMS: dict[str, list[Delta]] = {
    "azure_openai": [*WORDS, Finished("stop", Usage(11, 3))],
    "deepseek": [*THOUGHT, *WORDS, Finished("stop", Usage(9, 6))],
    "gemini": [*THOUGHT, *WORDS, Finished("stop", Usage(10, 6))],
    "huggingface": [*WORDS, Finished("length", Usage(8, 3))],
    "local": [*WORDS, Finished("stop", Usage(12, 4))],
}
ERRORS: dict[str, tuple[int, type[ProviderError], int | None]] = {
    "azure_openai/error_filtered.json": (400, ContentFiltered, None),
    "azure_openai/error_limit.json": (429, RateLimited, None),
    "azure_openai/error_no_deployment.json": (404, ModelNotFound, None),
    "azure_openai/error_key.json": (401, AuthFailed, None),
    "deepseek/error_no_credit.json": (402, AuthFailed, None),
    "deepseek/error_key.json": (401, AuthFailed, None),
    "deepseek/error_filtered.json": (400, ContentFiltered, None),
    "deepseek/error_model.json": (400, ModelNotFound, None),
    "gemini/error_limit.json": (429, RateLimited, 35),
    "gemini/error_key.json": (400, AuthFailed, None),
    "gemini/error_model.json": (404, ModelNotFound, None),
    "gemini/error_too_long.json": (400, ContextTooLong, None),
    "gemini/error_overloaded.json": (503, ProviderOverloaded, None),
    "huggingface/error_no_credit.json": (402, AuthFailed, None),
    "huggingface/error_model.json": (400, ModelNotFound, None),
    "huggingface/error_key.json": (401, AuthFailed, None),
    "huggingface/error_overloaded.json": (500, ProviderOverloaded, None),
    "local/error_too_long.json": (400, ContextTooLong, None),
    "local/error_loading.json": (503, ProviderOverloaded, None),
}


async def test_a_stream_becomes_deltas(wire: Wire, provider_of: Open) -> None:
    body = (SAMPLES / wire.name / "stream.txt").read_bytes()
    assert await deltas_of(provider_of(answering(body))) == STREAMS[wire.name]


async def test_a_whole_answer_becomes_the_same(wire: Wire, provider_of: Open) -> None:
    body = (SAMPLES / wire.name / "whole.json").read_bytes()
    *deltas, finished = STREAMS[wire.name]
    assert isinstance(finished, Finished)
    reasoning = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
    expected = Answer("Light bends.", reasoning, finished)
    assert await provider_of(answering(body)).complete(PROMPT, model="one") == expected


@pytest.mark.parametrize(
    ("wire", "sample"), [(BY_NAME[name.split("/")[0]], name) for name in ERRORS], ids=list(ERRORS), indirect=["wire"]
)
async def test_an_error_becomes_its_class(provider_of: Open, sample: str) -> None:
    status, kind, wait_s = ERRORS[sample]
    body = (SAMPLES / sample).read_bytes()
    with pytest.raises(kind) as raised:
        await deltas_of(provider_of(lambda request: httpx.Response(status, content=body)))
    assert (type(raised.value), raised.value.retry_after_s) == (kind, wait_s)


@only("gemini")
async def test_a_blocked_prompt_is_filtered(provider_of: Open) -> None:
    body = (SAMPLES / "gemini" / "stream_blocked.txt").read_bytes()
    with pytest.raises(ContentFiltered):
        await deltas_of(provider_of(answering(body)))


def test_no_sample_is_left_out() -> None:
    found = {f"{path.parent.name}/{path.name}" for path in SAMPLES.glob("*/error_*")}
    assert found == ERRORS.keys()
