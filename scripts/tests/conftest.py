import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.paths import BACKEND, ROOT
from scripts.tests.processes import is_running
from scripts.tests.stacks import Stack, Start, free_ports, procfile_of_stand_ins


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the supervisor on a Procfile of stand-ins; `faults` by service, `variables` over the defaults."""
    stacks: list[Stack] = []

    def start_stack(*, release: str = "true", variables: dict[str, str] | None = None, **faults: str) -> Stack:
        pids = tmp_path / "pids"
        pids.mkdir()
        procfile = tmp_path / "Procfile"
        procfile.write_text(procfile_of_stand_ins(release, pids, faults))
        names = ("LOCAL_LLM_PORT", "EMBEDDINGS_PORT", "FASTAPI_PORT", "GATEWAY_PORT")
        ports = dict(zip(names, map(str, free_ports(4)), strict=True))
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(BACKEND),
            "LAMLA_ENV_FILE": str(tmp_path / "none"),
            "FASTAPI_SECRET": "for-tests-only",
            **ports,
            **(variables or {}),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run", str(procfile)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that a test can press Ctrl-C for it alone
        )
        stacks.append(Stack(process, pids, ports))
        return stacks[-1]

    yield start_stack
    for stack in stacks:
        for pid in [stack.process.pid, *stack.started()]:
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        stack.process.communicate()
