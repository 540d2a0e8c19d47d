"""The whole product as real processes on free ports: fake provider, worker, gateway."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import psutil

from canaries import KEY, SECRET
from fake_provider.testing import FakeProcess, fake_provider_process

BACKEND = Path(__file__).resolve().parent.parent
SQLITE_NAME = "lamla.sqlite3"
START_SECONDS = 40.0
SOON_CLOSED = ("--idle-close", "2")  # so that who counts open connections need not wait for those kept for reuse


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
            self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        """Raises: RuntimeError when it has ended, TimeoutError."""
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

    def kill_all(self) -> None:
        """Kill it and all that it started, as it happens to a container."""
        children = psutil.Process(self.pid).children(recursive=True)
        self.kill()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        wait_until(lambda: not any(map(_lives, children)), what="all of it is dead")

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def server_processes(self) -> list[psutil.Process]:
        """Of a worker with FASTAPI_WORKERS above 1: the processes that serve, which its first one only watches."""
        return [child for child in psutil.Process(self.pid).children() if "spawn_main" in " ".join(child.cmdline())]


def _lives(process: psutil.Process) -> bool:
    """Not so of a zombie, which has let go of all that it held, and waits for whoever inherited it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def clean_environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with no setting of Lamla but the folder of the page, and no .env of the developer."""
    keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR", "UI_DIR"}}
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


def gateway_service(folder: Path, *, worker_url: str, settings: Mapping[str, str], name: str = "gateway") -> Service:
    port = free_port()
    env = clean_environment(
        folder,
        {
            "FASTAPI_SECRET": SECRET,
            "FASTAPI_BASE_URL": worker_url,
            "SECRET_KEY": "of-the-tests",
            "GATEWAY_PORT": str(port),
            "DATA_DIR": str(folder),
            "GATEWAY_HOST_NAME": name,
            "RATE_LIMITS": "off",  # all tests come from one address; those of the limits turn them on
            "CHAT_TITLES": "off",  # what the provider is asked is counted; the tests of titles turn them on
            **settings,
        },
    )
    return Service(
        name=name,
        # The specification's own command.
        command=[sys.executable, "-m", "uvicorn", "lamla.asgi:application", "--host", "0.0.0.0", "--port", str(port)],
        url=f"http://127.0.0.1:{port}",
        health="/health/ready",
        env=env,
        log=folder / f"{name}.log",
    )


def migrate(gateway: Service) -> None:
    """Give it a database of the present schema: Postgres is migrated, SQLite gets a copy of one that was."""
    if "DATABASE_URL" in gateway.env:
        _migrate(gateway.env)
    else:
        shutil.copy(_migrated_sqlite(), Path(gateway.env["DATA_DIR"]) / SQLITE_NAME)


@cache
def _migrated_sqlite() -> Path:
    """Made once in this process: the migrations are the same for every stack, and take seconds."""
    folder = Path(tempfile.mkdtemp(prefix="lamla-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(clean_environment(folder, {"FASTAPI_SECRET": SECRET, "SECRET_KEY": "x", "DATA_DIR": str(folder)}))
    return folder / SQLITE_NAME


def _migrate(env: Mapping[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=BACKEND, env=env, check=True, timeout=120)


@dataclass
class Stack:
    """`gateways` share one database and one worker; the first of them is `gateway`."""

    provider: FakeProcess
    worker: Service
    gateways: list[Service]
    folder: Path
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def gateway(self) -> Service:
        return self.gateways[0]

    def client(self, *, gateway: int = 0, **options: object) -> httpx.Client:
        """A new visitor: a client of its own cookies."""
        client = httpx.Client(base_url=self.gateways[gateway].url, timeout=30, trust_env=False, **options)  # type: ignore[arg-type]  # passed through
        self.clients.append(client)
        return client

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py beside the first gateway, and return what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=BACKEND, env=self.gateway.env, check=True, timeout=60, capture_output=True, text=True
        )
        return done.stdout


@contextmanager
def running_stack(
    folder: Path,
    *,
    worker: Mapping[str, str] | None = None,
    gateway: Mapping[str, str] | None = None,
    start_worker: bool = True,
    gateways: int = 1,
    workers: int = 1,
    database_url: str = "",
) -> Iterator[Stack]:
    """Start all of them, and end them with the block; each kind may be given settings of its own.

    `workers` are processes behind one address: the worker's first process starts those that die anew.
    `database_url` names an empty database of Postgres; by default it is SQLite in `folder`.
    """
    with ExitStack() as running:
        kept = folder / "requests.jsonl"  # not a .log: it holds prompts
        provider = running.enter_context(
            fake_provider_process("--first", "0.02", "--rate", "200", "--requests", str(kept), *SOON_CLOSED)
        )
        local = {"LOCAL_LLM_BASE_URL": provider.base_url, "LOCAL_LLM_MODEL": "fake", "LOCAL_LLM_CONCURRENCY": "400"}
        local |= {"EMBEDDINGS_BASE_URL": provider.base_url, "EMBEDDINGS_MODEL": "fake-embeddings"}
        # The tests share one worker, and some have its only provider fail on purpose.
        local |= {"LOCAL_LLM_API_KEY": KEY, "LLM_BREAKER_FAILURES": "1000", "FASTAPI_WORKERS": str(workers)}
        worker_process = worker_service(folder, {**local, **(worker or {})})
        settings = {**({"DATABASE_URL": database_url} if database_url else {}), **(gateway or {})}
        names = [f"gateway-{number}" for number in range(1, gateways + 1)] if gateways > 1 else ["gateway"]
        processes = [
            gateway_service(folder, worker_url=worker_process.url, settings=settings, name=name) for name in names
        ]
        migrate(processes[0])
        stack = Stack(provider=provider, worker=worker_process, gateways=processes, folder=folder)
        for service in (*processes, worker_process):
            running.callback(service.end_if_started)
        if start_worker:
            worker_process.start(wait=False)
        for process in processes:
            process.start(wait=False)
        for started in (*processes, *([worker_process] if start_worker else [])):
            started.wait_until_healthy()
        yield stack
        for client in stack.clients:
            client.close()
