"""Looking at processes from tests."""

import subprocess
import time
from collections.abc import Callable


def is_running(pid: int) -> bool:
    """False too for one that has ended and that its parent has not reaped yet."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def happens(condition: Callable[[], bool], *, within_s: float = 10.0) -> bool:
    """Whether `condition` comes true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
