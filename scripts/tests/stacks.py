"""The supervisor on a Procfile of stand-ins, as a process; for tests of what it does with them."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.tests.processes import happens, is_running

STAND_IN = Path(__file__).with_name("stand_in.py")
DEADLINE_S = 20.0


@dataclass
class Stack:
    """A started supervisor, with what it has printed so far."""

    process: "subprocess.Popen[bytes]"
    pids: Path
    ports: dict[str, str]
    printed: str = ""

    def read_until(self, text: str) -> str:
        """All output up to and including `text`; fails when it does not come in time."""
        deadline = time.monotonic() + DEADLINE_S
        assert self.process.stdout is not None
        while text not in self.printed:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert chunk, f"{text!r} did not come; there is: {self.printed}"
            self.printed += chunk.decode()
        return self.printed

    def finish(self) -> int:
        """The exit code, with all of the output read."""
        output, _ = self.process.communicate(timeout=DEADLINE_S)
        self.printed += output.decode()
        return self.process.returncode

    def started(self) -> list[int]:
        return [int(file.name) for file in self.pids.iterdir()]

    def left_behind(self) -> list[int]:
        """Processes that still run; an orphan that init has yet to reap does not count."""
        happens(lambda: not any(map(is_running, self.started())), within_s=2)
        return [pid for pid in self.started() if is_running(pid)]


Start = Callable[..., Stack]


def free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def procfile_of_stand_ins(release: str, pids: Path, faults: dict[str, str]) -> str:
    lines = [f"release: {release}"]
    for name, host, port in (
        ("local-model", "127.0.0.1", "LOCAL_LLM_PORT"),
        ("embeddings", "127.0.0.1", "EMBEDDINGS_PORT"),
        ("worker", "127.0.0.1", "FASTAPI_PORT"),
        ("gateway", "$GATEWAY_HOST", "GATEWAY_PORT"),
    ):
        fault = faults.get(name.replace("-", "_"), "")
        lines.append(f'{name}: exec "{sys.executable}" "{STAND_IN}" "{host}" "${port}" "{pids}" {fault}')
    return "\n".join(lines)


def pid_of(stack: Stack, name: str) -> int:
    """The process of a service; a stand-in's file holds its port, and is there once it serves."""
    variable = {"embeddings": "EMBEDDINGS_PORT", "worker": "FASTAPI_PORT"}[name]
    return next(int(file.name) for file in stack.pids.iterdir() if file.read_text() == stack.ports[variable])


def press_ctrl_c(stack: Stack) -> None:
    os.killpg(stack.process.pid, signal.SIGINT)
