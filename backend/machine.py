"""What a process that computes a model asks of the machine: its cores, its turn, and whether it is still wanted."""

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

PARENT_CHECK_SECONDS = 1.0
AUTOGROUP = Path("/proc/self/autogroup")


def usable_cores() -> int:
    """The cores that this process may use, where the system tells; else all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def give_way(niceness: int) -> None:
    """Let everything else on this machine go first: this thread and what it starts, on Linux; elsewhere the process."""
    if sys.platform != "linux":
        os.nice(niceness)
        return
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
    # Where the kernel groups tasks by session, a niceness counts within the session only; the group has one of its own.
    # That is for who leads a session to set: else all who started us would give way too, to everybody else.
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            AUTOGROUP.write_text(str(niceness))


def wait_for_parent(parent: int) -> NoReturn:
    """Live as long as who started it: a supervisor that is killed cannot stop its children, and 300 MB would stay.

    Asking for the parent works on every system, which Linux' PR_SET_PDEATHSIG does not.
    """
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_SECONDS)
    os._exit(0)
