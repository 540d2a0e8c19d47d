"""What the worker spends on a token of each provider, beside plain HTTP reading of the same stream.

Run it with `make bench-worker`: bounded, on this machine alone. Each figure is the user and system CPU of one process
per token, in microseconds; `plain` posts the same request with the same HTTP client, on the same event loop, and throws
the bytes away.
Adapter and plain reading take turns, so that a busy machine slows both; ratios are of their medians.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvloop

from bench.streams import cpu_seconds
from canaries import SECRET
from fake_provider.testing import BACKEND, FakeProcess, fake_provider_process
from fastapi_service.core.config import KEY_VARIABLES, LOCAL, ProviderSettings, Settings
from fastapi_service.core.http import open_client
from fastapi_service.providers.base import Finished, Message, Prompt
from fastapi_service.providers.registry import open_providers
from tests.stack import Service, wait_until, worker_service

MODEL = "m"
NAMES = (LOCAL, *KEY_VARIABLES)
CHAT = {"model": MODEL, "stream": True, "stream_options": {"include_usage": True}}
KEYS = {"authorization": "Bearer k", "api-key": "k", "x-goog-api-key": "k"}  # whichever it asks for
PATHS = {
    LOCAL: "/chat/completions",
    "azure_openai": f"/openai/deployments/{MODEL}/chat/completions?api-version=2024-10-21",
    "deepseek": "/chat/completions",
    "gemini": f"/v1beta/models/{MODEL}:streamGenerateContent?alt=sse",
    "huggingface": "/chat/completions",
}


@dataclass(frozen=True)
class Load:
    """So many streams at once of so many tokens, each at `rate` tokens per second."""

    streams: int
    tokens: int
    rate: int

    @property
    def prompt(self) -> str:
        return f"go [[tokens={self.tokens} rate={self.rate} first=0.5]]"


def cpu_of_this_process() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def read_plain(name: str, base_url: str, load: Load) -> float:
    """CPU seconds of reading the same streams and dropping their bytes."""
    content = {"contents": [{"role": "user", "parts": [{"text": load.prompt}]}]}
    body = content if name == "gemini" else {**CHAT, "messages": [{"role": "user", "content": load.prompt}]}

    async def one(client: httpx.AsyncClient) -> None:
        async with client.stream("POST", base_url + PATHS[name], json=body, headers=KEYS) as response:
            response.raise_for_status()
            async for _ in response.aiter_raw():
                pass

    async with open_client(base_url, connect_s=10, keep_alive=True) as client:
        before = cpu_of_this_process()
        await asyncio.gather(*(one(client) for _ in range(load.streams)))
        return cpu_of_this_process() - before


async def read_adapter(name: str, base_url: str, load: Load) -> float:
    """CPU seconds of the adapter's streams; its SDK is there already. Raises: RuntimeError when a token is missing."""
    prompt = Prompt((Message("user", load.prompt),))
    provider_settings = ProviderSettings(name, api_key="k", base_url=base_url, models=(MODEL,))

    async with open_providers(Settings(secrets=(SECRET,), providers=(provider_settings,))) as (provider,):

        async def one() -> int:
            read = 0
            async with aclosing(provider.stream(prompt, model=MODEL)) as deltas:
                async for delta in deltas:
                    read += not isinstance(delta, Finished)
            return read

        before = cpu_of_this_process()
        read = sum(await asyncio.gather(*(one() for _ in range(load.streams))))
        spent = cpu_of_this_process() - before
    if read != load.streams * load.tokens:
        raise RuntimeError(f"{name}: {read} tokens of {load.streams * load.tokens}")
    return spent


def measured_apart(mode: str, name: str, base_url: str, load: Load) -> float:
    """Microseconds of CPU per token, in a process of its own."""
    numbers = [str(load.streams), str(load.tokens), str(load.rate)]
    command = [sys.executable, "-m", "bench.worker", "--child", mode, name, base_url, *numbers]
    done = subprocess.run(command, cwd=BACKEND, check=True, capture_output=True, text=True, timeout=300)  # noqa: S603  our own
    return float(done.stdout) / (load.streams * load.tokens) * 1e6


def child(mode: str, name: str, base_url: str, *numbers: str) -> None:
    """Print the CPU seconds of reading; the process has started by then."""
    read = read_plain if mode == "plain" else read_adapter
    print(uvloop.run(read(name, base_url, Load(*map(int, numbers)))))


async def ask_worker(url: str, name: str, load: Load) -> None:
    """All streams through a real worker. Raises: RuntimeError when a token is missing."""
    wanted = "".join(f"t{number} " for number in range(load.tokens))
    body = {"messages": [{"role": "user", "content": load.prompt}], "provider": name}

    async def one(client: httpx.AsyncClient) -> None:
        async with client.stream(
            "POST", f"{url}/chatbot/stream", json=body, headers={"X-Internal-Secret": SECRET}
        ) as answer:
            lines = (await answer.aread()).decode().split("\n\n")
        deltas = [json.loads(line[6:])["delta"] for line in lines if '"text-delta"' in line]
        if "".join(deltas) != wanted:
            raise RuntimeError(f"{name}: the worker lost or doubled a token")

    async with open_client(url, connect_s=10, keep_alive=True) as client:
        await asyncio.gather(*(one(client) for _ in range(load.streams)))


def measured_worker(worker: Service, name: str, load: Load) -> float:
    before = cpu_seconds(worker)
    asyncio.run(ask_worker(worker.url, name, load))
    return (cpu_seconds(worker) - before) / (load.streams * load.tokens) * 1e6


def started_worker(provider: FakeProcess, folder: Path) -> Service:
    """A worker with all five providers, each of them the fake one."""
    variables = {f"{name.upper()}_BASE_URL": provider.url_of(name) for name in KEY_VARIABLES}
    models = {f"{name.upper()}_MODEL": MODEL for name in KEY_VARIABLES}
    keys = dict.fromkeys(KEY_VARIABLES.values(), "k")
    local = {"LOCAL_LLM_BASE_URL": provider.url_of(LOCAL), "LOCAL_LLM_MODEL": MODEL}
    worker = worker_service(folder, {**variables, **models, **keys, **local})
    worker.start(wait=False)
    wait_until(worker.is_healthy, what="the worker is healthy")
    return worker


def main() -> None:
    """Print one line per provider; a figure to read, never a test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rate", type=int, default=50, help="tokens per second of each stream")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    load = Load(options.streams, options.tokens, options.rate)
    print(f"{load.streams} streams of {load.tokens} tokens at {load.rate}/s; CPU in µs per token")
    print(f"{'provider':13}{'plain':>8}{'adapter':>9}{'ratio':>7}{'worker':>9}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder, fake_provider_process() as provider:
        worker = started_worker(provider, Path(folder))
        try:
            for name in NAMES:
                rows = [measured_once(provider.url_of(name), worker, name, load) for _ in range(options.repeats)]
                plain, adapter, whole = (statistics.median(column) for column in zip(*rows, strict=True))
                print(
                    f"{name:13}{plain:8.1f}{adapter:9.1f}{adapter / plain:7.2f}{whole:9.1f}{whole / plain:7.2f}",
                    flush=True,
                )
        finally:
            worker.end()


def measured_once(base_url: str, worker: Service, name: str, load: Load) -> tuple[float, float, float]:
    plain = measured_apart("plain", name, base_url, load)
    adapter = measured_apart("adapter", name, base_url, load)
    return plain, adapter, measured_worker(worker, name, load)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
