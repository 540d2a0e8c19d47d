"""The embedded model as its users have it: a process of its own, the real weights."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fastapi_service.core.config import ProviderSettings
from fastapi_service.providers.base import Message, Prompt, TextDelta, Timeouts
from fastapi_service.providers.local import Local
from tests.model_processes import ModelProcess

MODEL = ModelProcess("local_model", "LOCAL_LLM_PORT")
TIMEOUTS = Timeouts(connect_s=5, first_token_s=60, between_tokens_s=30, total_s=120)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The model's address without /v1, when it is ready."""
    with MODEL.serving(tmp_path_factory.mktemp("model"), kept_private="photosynthesis") as address:
        yield address


def busy(address: str) -> int:
    """How many requests the server works on."""
    metrics = httpx.get(f"{address}/metrics", trust_env=False).text
    return int(
        next(line for line in metrics.splitlines() if line.startswith("llamacpp:requests_processing")).split()[1]
    )


@pytest.mark.local_model
async def test_it_streams_through_the_workers_adapter(address: str) -> None:
    provider = Local(ProviderSettings("local", base_url=f"{address}/v1", embedded=True), timeouts=TIMEOUTS)
    try:
        prompt = Prompt((Message("user", "What is photosynthesis?"),), max_output_tokens=24)
        for _ in range(2):  # the second one would fail on a connection that was kept
            found = [delta async for delta in provider.stream(prompt, model=await provider.model_for(None))]
            assert sum(isinstance(delta, TextDelta) for delta in found) > 5
            assert found[-1].usage.output_tokens > 5  # type: ignore[union-attr]  # Finished is last, by contract
    finally:
        await provider.aclose()


@pytest.mark.local_model
async def test_an_answer_holds_to_a_schema(address: str) -> None:
    schema: dict[str, Any] = {  # Any: a JSON schema
        "type": "object",
        "properties": {"word": {"type": "string", "maxLength": 20}, "rank": {"type": "integer"}},
        "required": ["word", "rank"],
        "additionalProperties": False,
    }
    provider = Local(ProviderSettings("local", base_url=f"{address}/v1", embedded=True), timeouts=TIMEOUTS)
    try:
        prompt = Prompt((Message("user", "Name a plant."),), max_output_tokens=100, response_schema=schema)
        answer = json.loads((await provider.complete(prompt, model="m")).text)
    finally:
        await provider.aclose()
    assert answer.keys() == {"word", "rank"}
    assert isinstance(answer["word"], str)
    assert isinstance(answer["rank"], int)


@pytest.mark.local_model
async def test_a_reader_who_leaves_frees_the_slot(address: str) -> None:
    provider = Local(ProviderSettings("local", base_url=f"{address}/v1", embedded=True), timeouts=TIMEOUTS)
    try:
        prompt = Prompt((Message("user", "Count to one thousand, in words."),), max_output_tokens=2000)
        deltas = provider.stream(prompt, model="m")
        await anext(deltas)
        assert busy(address) == 1
        await deltas.aclose()
        async with asyncio.timeout(2):
            while await asyncio.to_thread(busy, address):  # noqa: ASYNC110  the server tells it on request only
                await asyncio.sleep(0.02)
    finally:
        await provider.aclose()


@pytest.mark.local_model
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_also_while_it_answers(tmp_path: Path, stop: signal.Signals) -> None:
    body = {"messages": [{"role": "user", "content": "Tell a long story."}], "stream": True, "max_tokens": 2000}
    with (
        MODEL.started(tmp_path) as (process, address),
        httpx.stream("POST", f"{address}/v1/chat/completions", json=body, timeout=60, trust_env=False) as answer,
    ):
        next(answer.iter_bytes())
        process.send_signal(stop)
        assert process.wait(2) == 0


@pytest.mark.local_model
def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    MODEL.must_not_outlive_who_started_it(tmp_path)


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    assert "LOCAL_LLM_MODEL_PATH" in MODEL.refuse(tmp_path, LOCAL_LLM_MODEL_PATH="/nowhere/model.gguf")


def test_weights_that_are_none_are_one_sentence(tmp_path: Path) -> None:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"no weights")
    assert str(weights) in MODEL.refuse(tmp_path, LOCAL_LLM_MODEL_PATH=str(weights))


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    MODEL.refuse_a_taken_port(tmp_path)
