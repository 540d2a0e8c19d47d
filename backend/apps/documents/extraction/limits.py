"""What a child may take of the machine. Called in the child, before it reads a byte of the file."""

import ctypes
import os
import resource
import signal
import sys

from apps.documents.extraction.job import Limits
from machine import give_way

OPEN_FILES = 32  # its pipes, and the modules that it imports
NICENESS = 10  # answers that stream must not wait for files that are read
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_resources(limits: Limits) -> None:
    """Bound memory, processor time and open files; systems without such a limit go without it."""
    give_way(NICENESS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_s)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_AS, limits.memory_mb * 2**20)


def forbid_files() -> None:
    """From here on nothing can be written but to pipes: parsers need no files, and hostile input gets none."""
    _limit(resource.RLIMIT_FSIZE, 0)


def die_with(gateway_pid: int) -> None:
    """Have the kernel end this process when the gateway dies, however that happens (Linux; else `cpu_s` does)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != gateway_pid:  # it died before the call above
            sys.exit(1)


def _limit(kind: int, amount: int) -> None:
    try:
        resource.setrlimit(kind, (amount, amount))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise
