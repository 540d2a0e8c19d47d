"""For tests: the fake provider in this event loop, or as a process of its own, on a free port."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn

from fake_provider.app import FakeProvider
from fake_provider.directive import Script
from fake_provider.log import Entry
from fake_provider.server import IDLE_CLOSE_SECONDS, listening_socket, server_for

BACKEND = Path(__file__).resolve().parent.parent
DEADLINE_SECONDS = 10.0
POLL_SECONDS = 0.01
# What a provider's address ends in, as the vendor writes its own.
PATHS: Mapping[str, str] = {
    "local": "/v1",
    "azure_openai": "/azure_openai",
    "deepseek": "/deepseek",
    "gemini": "/gemini",
    "huggingface": "/huggingface/v1",
}


@dataclass
class FakeAddress:
    """Where a fake provider is. `base_url` ends in /v1, as LOCAL_LLM_BASE_URL takes it."""

    base_url: str

    @property
    def root_url(self) -> str:
        return self.base_url.removesuffix("/v1")

    def url_of(self, provider: str) -> str:
        """What to put into the provider's _BASE_URL; for azure_openai, its _ENDPOINT."""
        return self.root_url + PATHS[provider]


@dataclass
class FakeHere(FakeAddress):
    """A fake provider in this event loop."""

    app: FakeProvider
    server: uvicorn.Server

    @property
    def entries(self) -> list[Entry]:
        return list(self.app.log.entries)

    @property
    def open_sockets(self) -> int:
        return len(self.server.server_state.connections)

    def queue(self, *answers: str) -> None:
        """Answer coming requests that hold no directive with these texts, or by these directives, in order."""
        self.app.scripts.answers.extend(answers)

    async def entry_when(self, matches: Callable[[Entry], bool], *, deadline_s: float = DEADLINE_SECONDS) -> Entry:
        """The first logged request that matches, waited for. Raises: TimeoutError."""
        async with asyncio.timeout(deadline_s):
            while True:
                for entry in self.app.log.entries:
                    if matches(entry):
                        return entry
                await asyncio.sleep(POLL_SECONDS)

    async def all_when(self, matches: Callable[[Entry], bool], *, deadline_s: float = DEADLINE_SECONDS) -> None:
        """Return when all logged requests match. Raises: TimeoutError."""
        await self.until(lambda: all(map(matches, self.entries)), deadline_s=deadline_s)

    async def until(self, holds: Callable[[], bool], *, deadline_s: float = DEADLINE_SECONDS) -> None:
        """Return when it holds. Raises: TimeoutError."""
        async with asyncio.timeout(deadline_s):
            while not holds():  # noqa: ASYNC110  neither log nor sockets have an event to wait for
                await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def serve_here(server: uvicorn.Server, bound: socket.socket) -> AsyncIterator[str]:
    """Serve in this event loop until the block is left; gives the base URL."""
    config = server.config
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[bound])
    if not server.started:
        raise RuntimeError("the application did not start")
    # `serve` would take over the signals of the whole test process; its parts do not.
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        ticking.cancel()  # it would look only every 0.1 s
        await asyncio.wait([ticking])
        await server.shutdown(sockets=[bound])


@asynccontextmanager
async def fake_provider_here(
    defaults: Script | None = None, *, idle_close_s: float = IDLE_CLOSE_SECONDS
) -> AsyncIterator[FakeHere]:
    """Serve the fake provider on a free port of 127.0.0.1 until the block is left."""
    app = FakeProvider(defaults)
    server = server_for(app, idle_close_s=idle_close_s)
    async with serve_here(server, listening_socket("127.0.0.1", 0)) as address:
        yield FakeHere(base_url=f"{address}/v1", app=app, server=server)


@dataclass
class FakeProcess(FakeAddress):
    """A fake provider in a process of its own."""

    command: list[str]
    process: subprocess.Popen[str]

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """End it as a crash would: the kernel closes its sockets."""
        self.process.kill()
        self._wait()

    def start_again(self) -> None:
        """After `kill`: at the same address; its log goes on if it is kept in a file. Raises: RuntimeError."""
        self.process = _started([*self.command, "--port", str(urlsplit(self.base_url).port)])
        _read_address(self.process)

    def end(self) -> None:
        self.process.terminate()
        self._wait()

    def _wait(self) -> None:
        with self.process:  # closes the pipe as well
            self.process.wait()

    def log(self) -> list[dict[str, Any]]:
        """The requests so far; Any: JSON of `Entry`."""
        entries: list[dict[str, Any]] = self._ask("GET", "/log").json()
        return entries

    def clear_log(self) -> None:
        """Forget requests, queued answers, and how often a prompt came."""
        self._ask("DELETE", "/log")

    def open_sockets(self) -> int:
        return int(self._ask("GET", "/sockets").json()["open"])

    def queue(self, *answers: str) -> None:
        """Answer coming requests that hold no directive with these texts, or by these directives, in order."""
        self._ask("POST", "/answers", json=answers)

    def entry_when(
        self, matches: Callable[[dict[str, Any]], bool], *, deadline_s: float = DEADLINE_SECONDS
    ) -> dict[str, Any]:
        """The first logged request that matches, waited for. Raises: TimeoutError."""
        deadline = time.monotonic() + deadline_s
        while time.monotonic() < deadline:
            for entry in self.log():
                if matches(entry):
                    return entry
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"no matching request reached the fake provider within {deadline_s} s")

    def _ask(self, method: str, path: str, *, json: Sequence[str] | None = None) -> httpx.Response:
        return httpx.request(method, self.root_url + path, json=json, trust_env=False).raise_for_status()


@contextmanager
def fake_provider_process(*options: str) -> Iterator[FakeProcess]:
    """Start `python -m fake_provider --port 0`, with more command-line options, and end it with the block."""
    command = [sys.executable, "-m", "fake_provider", *options]
    fake = FakeProcess(base_url="", command=command, process=_started([*command, "--port", "0"]))
    try:
        fake.base_url = _read_address(fake.process)
        yield fake
    finally:
        fake.end()


def _started(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=BACKEND, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own


def _read_address(process: subprocess.Popen[str]) -> str:
    """The first line that it prints, once it listens. Raises: RuntimeError."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise RuntimeError("the fake provider did not start")
    return line.strip()
