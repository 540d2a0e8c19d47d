"""The embedded model as its users have it: a process of its own, the real weights."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fastapi_service.core.config import ProviderSettings
from fastapi_service.providers.base import Message, Prompt, TextDelta, Timeouts
from fastapi_service.providers.local import Local

BACKEND = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0
TIMEOUTS = Timeouts(connect_s=5, first_token_s=60, between_tokens_s=30, total_s=120)


def variables(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment without anybody's .env file."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, "LAMLA_ENV_FILE": str(tmp_path / "none"), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            if httpx.get(f"{address}/health", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The model's address without /v1, when it is ready."""
    port = free_port()
    environment = variables(tmp_path_factory.mktemp("model"), LOCAL_LLM_PORT=str(port))
    command = [sys.executable, "-m", "local_model"]
    with subprocess.Popen(command, cwd=BACKEND, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            said = process.communicate(timeout=10)[1]
    assert process.returncode == 0
    assert "photosynthesis" not in said.lower(), "a prompt got into the log"


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
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    body = {"messages": [{"role": "user", "content": "Tell a long story."}], "stream": True, "max_tokens": 2000}
    environment = variables(tmp_path, LOCAL_LLM_PORT=str(port))
    with subprocess.Popen([sys.executable, "-m", "local_model"], cwd=BACKEND, env=environment) as process:
        try:
            wait_until_healthy(address)
            with httpx.stream(
                "POST", f"{address}/v1/chat/completions", json=body, timeout=60, trust_env=False
            ) as answer:
                next(answer.iter_bytes())
                process.send_signal(stop)
                assert process.wait(2) == 0
        finally:
            process.kill()


@pytest.mark.local_model
def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    port = free_port()
    environment = variables(tmp_path, LOCAL_LLM_PORT=str(port))
    starter = "import subprocess, sys; subprocess.Popen([sys.executable, '-m', 'local_model']); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", starter], cwd=BACKEND, env=environment, stdin=subprocess.PIPE
    ) as parent:
        wait_until_healthy(f"http://127.0.0.1:{port}")
        parent.kill()
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)


def refuse(environment: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "local_model"],
        cwd=BACKEND,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    return ended.stderr


def test_missing_weights_are_one_sentence(tmp_path: Path) -> None:
    assert "LOCAL_LLM_MODEL_PATH" in refuse(variables(tmp_path, LOCAL_LLM_MODEL_PATH="/nowhere/model.gguf"))


def test_weights_that_are_none_are_one_sentence(tmp_path: Path) -> None:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"no weights")
    said = refuse(variables(tmp_path, LOCAL_LLM_MODEL_PATH=str(weights), LOCAL_LLM_PORT=str(free_port())))
    assert str(weights) in said


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = refuse(variables(tmp_path, LOCAL_LLM_PORT=str(taken.getsockname()[1])))
    assert "LOCAL_LLM_PORT" in said
