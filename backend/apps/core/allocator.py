"""What the C library keeps of memory that this process has given back.

By default glibc has a pool for each thread, and, once it has freed a large block, takes blocks of that size from the
pools too, where they are kept: each large upload and each long page leaves some megabytes behind.
"""

import ctypes
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # malloc.h of glibc
POOLS = 1  # Python's own lock lets one thread allocate at a time, nearly always
LARGE_BYTES = 262_144  # blocks from here on are given back to the system at once


def give_memory_back() -> None:
    """Call it before there are threads. Systems without such settings go without."""
    if sys.platform != "linux":
        return
    with suppress(AttributeError, OSError):  # musl has none
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, POOLS)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)
