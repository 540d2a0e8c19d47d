"""What the kernel says of processes, for tests that look after them (Linux)."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")
DEADLINE_S = 20.0
POLL_S = 0.02


def children_of(pid: int) -> set[int]:
    """Process ids of the children of `pid`, those included that ended and were not reaped."""
    return {child for child in _all() if _parent_of(child) == pid}


def is_alive(pid: int) -> bool:
    """Whether `pid` runs; one that ended and waits to be reaped does not."""
    fields = _stat(pid)
    return fields is not None and fields[0] not in {"Z", "X"}


def read_proc(pid: int, name: str) -> str:
    """A file of /proc/<pid>; empty when the process is gone."""
    try:
        return (PROC / str(pid) / name).read_text(errors="replace")
    except OSError:
        return ""


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds. Raises: TimeoutError."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110  other processes set no event of ours
            await asyncio.sleep(POLL_S)


def eventually_blocking(condition: Callable[[], bool]) -> None:
    """As `eventually`, for tests without a loop."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(POLL_S)


def _all() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _parent_of(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def _stat(pid: int) -> list[str] | None:
    """State, parent and the rest; the name before them may hold anything but ends at the last bracket."""
    return read_proc(pid, "stat").rpartition(")")[2].split() or None
