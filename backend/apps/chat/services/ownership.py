"""Which process runs a generation, and whether that process still lives."""

import os
import platform
from pathlib import Path


def _boot_id() -> str:
    """Tells one start of this machine from the next (Linux; elsewhere a dead pid alone tells)."""
    file = Path("/proc/sys/kernel/random/boot_id")
    return file.read_text().strip() if file.exists() else "-"


def this_process() -> str:
    """`host/boot/pid` of this process. Asked each time: a server may fork after the import."""
    return f"{platform.node()}/{_boot_id()}/{os.getpid()}"


def is_known_dead(owner: str) -> bool:
    """Whether `owner` surely runs no more; of another host nothing is known."""
    host, boot, pid = [*owner.split("/"), "", "", ""][:3]
    if host != platform.node() or not pid.isdigit():
        return False
    if boot != _boot_id():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
