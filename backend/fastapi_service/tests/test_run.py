"""The worker as its user starts it: real processes, real ports, an environment of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from fake_provider.testing import fake_provider_process
from fastapi_service.tests.frames import ask, numbered
from tests.specification import ENV_BLOCK

BACKEND = Path(__file__).resolve().parents[2]
OWN_SECRET = "FASTAPI_SECRET=a-secret-of-our-own\n"  # no warning of the sample
START_SECONDS = 40.0


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
        return free


def environment(tmp_path: Path, *, text: str = ENV_BLOCK, **variables: str) -> dict[str, str]:
    """An environment with the given .env file and nothing of ours but `variables`."""
    file = tmp_path / "env"
    file.write_text(text)
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, "LAMLA_ENV_FILE": str(file), **variables}


@contextmanager
def running(
    variables: dict[str, str], script: str = "fastapi_service/run.py", cwd: Path = BACKEND
) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The worker, healthy, and a client that knows the specification's secret."""
    address = f"http://127.0.0.1:{variables['FASTAPI_PORT']}"
    command = [sys.executable, script]
    with (
        subprocess.Popen(command, cwd=cwd, env=variables, stderr=subprocess.PIPE, text=True) as process,
        httpx.Client(
            base_url=address, headers={"X-Internal-Secret": "your-secret-key-here"}, timeout=30, trust_env=False
        ) as client,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS
            while True:
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                try:
                    client.get("/health").raise_for_status()
                    break
                except httpx.TransportError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield process, client
        finally:
            process.terminate()
            process.wait(15)


def refuse(variables: dict[str, str]) -> str:
    """What the worker says on its way out, with exit code 2."""
    ended = subprocess.run(
        [sys.executable, "fastapi_service/run.py"],
        cwd=BACKEND,
        env=variables,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    return ended.stderr


@pytest.mark.parametrize("workers", ["1", "3"])
def test_without_a_secret_it_does_not_start_and_says_what_to_do(tmp_path: Path, workers: str) -> None:
    said = refuse(environment(tmp_path, text="FASTAPI_SECRET=...\n", FASTAPI_WORKERS=workers))
    assert said.startswith("FASTAPI_SECRET is not set.")


def test_a_setting_that_cannot_work_is_one_sentence(tmp_path: Path) -> None:
    assert "LLM_PROVIDERS" in refuse(environment(tmp_path, text=OWN_SECRET, LLM_PROVIDERS="deepseek"))


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_taken_port_is_one_sentence(tmp_path: Path, workers: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refuse(environment(tmp_path, text=OWN_SECRET, FASTAPI_PORT=port, FASTAPI_WORKERS=workers))
    assert port in said
    assert "FASTAPI_PORT" in said


@pytest.mark.parametrize(
    ("script", "cwd"),
    [("fastapi_service/run.py", BACKEND), ("backend/fastapi_service/run.py", BACKEND.parent)],
    ids=["from backend", "from the repository"],
)
def test_it_answers_from_the_specifications_own_block(tmp_path: Path, port: int, script: str, cwd: Path) -> None:
    with fake_provider_process("--first", "0", "--rate", "0") as fake:
        variables = environment(tmp_path, FASTAPI_PORT=str(port), FASTAPI_WORKERS="1", LOCAL_LLM_BASE_URL=fake.base_url)
        with running(variables, script, cwd) as (_, client):
            reply = client.post("/chatbot", json=ask("hello [[tokens=3]]"))
            assert reply.json()["response"] == numbered(3)


def test_several_processes_serve_one_port_and_end_together(tmp_path: Path, port: int) -> None:
    with fake_provider_process() as fake:
        variables = environment(tmp_path, FASTAPI_PORT=str(port), FASTAPI_WORKERS="2", LOCAL_LLM_BASE_URL=fake.base_url)
        with running(variables) as (process, client):
            assert client.post("/chatbot", json=ask("hello [[tokens=3 first=0]]")).status_code == 200
            process.send_signal(signal.SIGTERM)
            process.wait(15)
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_any_of_several_processes_tells_the_figures_of_all(tmp_path: Path, port: int) -> None:
    with fake_provider_process("--first", "0", "--rate", "0") as fake:
        variables = environment(tmp_path, FASTAPI_PORT=str(port), FASTAPI_WORKERS="3", LOCAL_LLM_BASE_URL=fake.base_url)
        variables["PROMETHEUS_MULTIPROC_DIR"] = ""  # as good as not set
        with running(variables) as (_, client):
            client.headers["Connection"] = "close"  # so that each request may reach another process
            for _ in range(12):
                assert client.post("/chatbot", json=ask("hello [[tokens=3]]")).status_code == 200
            for _ in range(6):
                figures = client.get("/metrics").text.splitlines()
                assert 'lamla_attempts_total{outcome="ok",provider="local"} 12.0' in figures
                assert 'lamla_tokens_total{direction="output",provider="local"} 36.0' in figures


def test_an_sdk_is_imported_only_when_its_provider_is_configured() -> None:
    program = (
        "import sys; from fastapi_service.main import create_app; import fastapi_service.providers.registry;"
        "print([name for name in ('openai', 'google.genai', 'huggingface_hub') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], cwd=BACKEND, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_an_azure_key_without_its_address_is_one_sentence(tmp_path: Path) -> None:
    said = refuse(environment(tmp_path, text=OWN_SECRET, AZURE_OPENAI_API_KEY="a-private-key"))
    assert "AZURE_OPENAI_ENDPOINT" in said
    assert "AZURE_OPENAI_DEPLOYMENT" in said


def test_stopping_the_worker_ends_what_it_asks_for(tmp_path: Path, port: int) -> None:
    with fake_provider_process() as fake:
        variables = environment(tmp_path, FASTAPI_PORT=str(port), FASTAPI_WORKERS="1", LOCAL_LLM_BASE_URL=fake.base_url)
        with (
            running(variables) as (process, client),
            client.stream("POST", "/chatbot/stream", json=ask("hello [[fault=hang]]")) as response,
        ):
            assert response.status_code == 200
            fake.entry_when(lambda entry: True)
            process.terminate()
            process.wait(15)
        assert fake.entry_when(lambda entry: entry["closed_by"] is not None)["closed_by"] == "client"
