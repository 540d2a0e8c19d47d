"""One step of the installation: a command whose output goes to a log, with one line on the screen."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from scripts.paths import LOGS, ROOT

STILL_WORKING_EVERY_S = 15.0
TAIL_LINES = 15
STOP_WAIT_S = 5.0
TERMINATED = 143

DISK_FULL = "The disk is full: free some space (the first start needs about 1.5 GB), then run the same command again."
CAUSES = (
    (re.compile(r"No space left on device|ENOSPC|disk is full|Disk quota exceeded|EDQUOT", re.I), DISK_FULL),
    (
        re.compile(r"DO NOT MATCH THE HASHES|EINTEGRITY"),
        "A downloaded package is not the one that was locked, so it was not installed: "
        "run the same command again, and if that does not help look at your package mirror.",
    ),
    (
        re.compile(
            r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|Failed to establish a new connection|"
            r"name resolution|NameResolutionError|Network is unreachable|ConnectTimeout|ReadTimeout|ProxyError|"
            r"CERTIFICATE_VERIFY_FAILED|\(from versions: none\)",
            re.I,
        ),
        "Packages could not be downloaded: check the network (and proxy settings), then run the same command again; "
        "what is already here is kept.",
    ),
)


class Stop(Exception):
    """The command cannot go on; its text is one sentence that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def cause_of(output: str, *, otherwise: str) -> str:
    """The sentence for a failure that left `output`; `otherwise` when it is none of the known ones."""
    return next((sentence for pattern, sentence in CAUSES if pattern.search(output)), otherwise)


def run_step(
    title: str,
    command: Sequence[str | Path],
    *,
    log: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run `command` to its end, its output in var/log/`log`.log, and say how long it took.

    Raises: Stop when it fails, after the end of its output was shown.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    file = LOGS / f"{log}.log"
    started = time.monotonic()
    say(f"{title} …")
    with file.open("wb") as output:
        merged = {**os.environ, **(env or {})}
        with running(command, cwd=cwd, env=merged, stdout=output, stderr=subprocess.STDOUT) as process:
            code = _wait(process, started)
    if code:
        text = file.read_text(errors="replace")
        print("\n".join(text.splitlines()[-TAIL_LINES:]), file=sys.stderr)
        where = file.relative_to(ROOT)
        raise Stop(cause_of(text, otherwise=f"{title}: failed; the lines above and {where} say why."))
    say(f"  done in {time.monotonic() - started:.0f} s")


def _wait(process: "subprocess.Popen[bytes]", started: float) -> int:
    while True:
        try:
            return process.wait(timeout=STILL_WORKING_EVERY_S)
        except subprocess.TimeoutExpired:
            say(f"  still working ({time.monotonic() - started:.0f} s)")


class Ending:
    """SIGTERM as an exception, so that running steps are ended before we are.

    It waits while a process is being started, which nobody would know to end.
    """

    def __init__(self) -> None:
        self._is_held = self._is_asked = False

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        self._is_asked = True
        if not self._is_held:
            raise SystemExit(TERMINATED)

    def hold(self) -> None:
        self._is_held = True

    def release(self) -> None:
        """Raises: SystemExit, when it was asked for meanwhile."""
        self._is_held = False
        if self._is_asked:
            raise SystemExit(TERMINATED)


ending = Ending()


@contextmanager
def running(command: Sequence[str | Path], **options: Any) -> "Iterator[subprocess.Popen[bytes]]":
    """A process that leads a session of its own; it is ended with the block, with all that it started.

    Any: what Popen takes.
    """
    ending.hold()
    try:
        process = subprocess.Popen(  # noqa: S603  the commands are constants of these scripts
            [str(part) for part in command], stdin=subprocess.DEVNULL, start_new_session=True, **options
        )
    except BaseException:
        ending.release()
        raise
    try:
        ending.release()
        yield process
    finally:
        end_group(process)


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a session of its own, with all that it started; nothing happens when it has ended."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
