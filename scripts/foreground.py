"""One command to its end, with its output on this terminal."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.paths import ROOT
from scripts.steps import running, say

INTERRUPT_WAIT_S = 15.0


def foreground(command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> int:
    """Run a command to its end with its output on this terminal, and return its exit code; it ends before we do."""
    arguments = [str(part) for part in command]
    say(f"$ {' '.join(Path(part).name if part.startswith(str(ROOT)) else part for part in arguments)}")
    with running(arguments, cwd=cwd, env={**os.environ, **(env or {})}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # Its session is its own, so that all of it can be ended; Ctrl-C is passed on, for it to clean up.
            os.killpg(process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=INTERRUPT_WAIT_S)
            raise
