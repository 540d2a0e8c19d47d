"""The two processes that compute with weights of their own, as their tests start them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.stack import BACKEND, free_port, wait_until

READY_SECONDS = 60.0


@dataclass(frozen=True)
class ModelProcess:
    """A module that serves a model, and the variable that names its port."""

    module: str
    port_variable: str

    @contextmanager
    def serving(self, folder: Path, *, kept_private: str) -> Iterator[str]:
        """Its address, when it is ready; at the end it must have ended well, without `kept_private` in its log."""
        with self.started(folder) as (process, address):
            yield address
            process.terminate()
            said = process.communicate(timeout=10)[1]
        assert process.returncode == 0
        assert kept_private not in said.lower(), "private text got into the log"

    @contextmanager
    def started(self, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
        """A process that is ready, and its address; killed at the end if it still runs."""
        port = free_port()
        environment = variables(folder, **{self.port_variable: str(port)})
        command = [sys.executable, "-m", self.module]
        with subprocess.Popen(command, cwd=BACKEND, env=environment, stderr=subprocess.PIPE, text=True) as process:
            try:
                wait_until_healthy(port)
                yield process, f"http://127.0.0.1:{port}"
            finally:
                process.kill()

    def must_not_outlive_who_started_it(self, folder: Path) -> None:
        port = free_port()
        environment = variables(folder, **{self.port_variable: str(port)})
        starter = f"import subprocess, sys; subprocess.Popen([sys.executable, '-m', {self.module!r}]); sys.stdin.read()"
        command = [sys.executable, "-c", starter]
        with subprocess.Popen(command, cwd=BACKEND, env=environment, stdin=subprocess.PIPE) as parent:
            wait_until_healthy(port)
            parent.kill()
        wait_until(lambda: not is_listening(port), what="it ends", deadline_s=10)

    def refuse(self, folder: Path, **more: str) -> str:
        """The one sentence with which it does not start."""
        command = [sys.executable, "-m", self.module]
        environment = variables(folder, **{self.port_variable: str(free_port()), **more})
        ended = subprocess.run(
            command, cwd=BACKEND, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
        return ended.stderr

    def refuse_a_taken_port(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            said = self.refuse(folder, **{self.port_variable: str(taken.getsockname()[1])})
        assert self.port_variable in said


def variables(folder: Path, **more: str) -> dict[str, str]:
    """An environment without anybody's .env file."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**inherited, "LAMLA_ENV_FILE": str(folder / "none"), **more}


def wait_until_healthy(port: int) -> None:
    wait_until(lambda: is_healthy(port), what="the model is healthy", deadline_s=READY_SECONDS)


def is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
