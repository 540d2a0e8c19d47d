"""The whole product as real processes on free ports: fake provider, worker, gateway."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from canaries import KEY, SECRET
from fake_provider.testing import FakeProcess, fake_provider_process

BACKEND = Path(__file__).resolve().parent.parent
START_SECONDS = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], *, what: str, deadline_s: float = START_SECONDS) -> None:
    """Poll until `holds`. Raises: TimeoutError."""
    deadline = time.monotonic() + deadline_s
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} within {deadline_s} s")
        time.sleep(0.02)


@dataclass
class Service:
    """A process of ours: its address, and what it wrote."""

    name: str
    command: list[str]
    url: str
    health: str
    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=BACKEND, env=self.env, stdout=log, stderr=log)
        if wait:
            wait_until(self.is_healthy, what=f"{self.name} is healthy; its log:\n{self.log.read_text()[-2000:]}\n")

    def is_healthy(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log.read_text()[-2000:]}")
        try:
            return httpx.get(self.url + self.health, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def end(self, number: signal.Signals = signal.SIGTERM, *, deadline_s: float = 15) -> int:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def end_if_started(self) -> None:
        if self.process:
            self.end()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid


def clean_environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without any setting of Lamla, and with no .env of the developer."""
    keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return {**keep, "LAMLA_ENV_FILE": str(folder / "no.env"), "PYTHONUNBUFFERED": "1", **settings}


def worker_service(folder: Path, settings: Mapping[str, str]) -> Service:
    port = free_port()
    env = {"FASTAPI_SECRET": SECRET, "FASTAPI_PORT": str(port), **settings}
    return Service(
        name="worker",
        command=[sys.executable, "fastapi_service/run.py"],
        url=f"http://127.0.0.1:{port}",
        health="/health",
        env=clean_environment(folder, env),
        log=folder / "worker.log",
    )


def gateway_service(folder: Path, *, worker_url: str, settings: Mapping[str, str]) -> Service:
    port = free_port()
    env = clean_environment(
        folder,
        {
            "FASTAPI_SECRET": SECRET,
            "FASTAPI_BASE_URL": worker_url,
            "SECRET_KEY": "of-the-tests",
            "GATEWAY_PORT": str(port),
            "DATA_DIR": str(folder),
            "CHAT_TITLES": "off",  # what the provider is asked is counted; the tests of titles turn them on
            **settings,
        },
    )
    return Service(
        name="gateway",
        # The specification's own command.
        command=[sys.executable, "-m", "uvicorn", "lamla.asgi:application", "--host", "0.0.0.0", "--port", str(port)],
        url=f"http://127.0.0.1:{port}",
        health="/health/ready",
        env=env,
        log=folder / "gateway.log",
    )


def migrate(gateway: Service) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=BACKEND, env=gateway.env, check=True, timeout=120)


@dataclass
class Stack:
    provider: FakeProcess
    worker: Service
    gateway: Service
    folder: Path
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, **options: object) -> httpx.Client:
        """A new visitor: a client of its own cookies."""
        client = httpx.Client(base_url=self.gateway.url, timeout=30, trust_env=False, **options)  # type: ignore[arg-type]  # passed through
        self.clients.append(client)
        return client


@contextmanager
def running_stack(
    folder: Path,
    *,
    worker: Mapping[str, str] | None = None,
    gateway: Mapping[str, str] | None = None,
    start_worker: bool = True,
) -> Iterator[Stack]:
    """Start all three, and end them with the block; each may be given settings of its own."""
    with ExitStack() as running:
        provider = running.enter_context(fake_provider_process("--first", "0.02", "--rate", "200"))
        local = {"LOCAL_LLM_BASE_URL": provider.base_url, "LOCAL_LLM_MODEL": "fake", "LOCAL_LLM_CONCURRENCY": "400"}
        # The tests share one worker, and some have its only provider fail on purpose.
        local |= {"LOCAL_LLM_API_KEY": KEY, "LLM_BREAKER_FAILURES": "1000"}
        worker_process = worker_service(folder, {**local, **(worker or {})})
        gateway_process = gateway_service(folder, worker_url=worker_process.url, settings=gateway or {})
        migrate(gateway_process)
        stack = Stack(provider=provider, worker=worker_process, gateway=gateway_process, folder=folder)
        for service in (gateway_process, worker_process):
            running.callback(service.end_if_started)
        if start_worker:
            worker_process.start(wait=False)
        gateway_process.start()
        if start_worker:
            wait_until(worker_process.is_healthy, what="the worker is healthy")
        yield stack
        for client in stack.clients:
            client.close()
