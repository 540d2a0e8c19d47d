"""The name under which a gateway process holds its leases, and whether the process behind such a name still lives."""

import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings

HOST_NAME_MAX_CHARS = 100  # as much as the column of an owner has room for
NAMESPACE = Path("/proc/self/ns/pid")


def _machine() -> str:
    """One start of one machine, as far as its process ids go: boot and pid namespace (Linux; elsewhere "-")."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    namespace = os.readlink(NAMESPACE) if NAMESPACE.exists() else "-"
    return f"{boot.read_text().strip() if boot.exists() else '-'}:{namespace}"


def new_owner() -> str:
    """`host/machine/pid/token`: never the same twice, since a container's processes share one pid over restarts."""
    return f"{settings.GATEWAY_HOST_NAME[:HOST_NAME_MAX_CHARS]}/{_machine()}/{os.getpid()}/{uuid4().hex[:12]}"


def is_known_dead(owner: str, *, me: str) -> bool:
    """Whether `owner` surely runs no more, as `me` can tell; of another host nothing is known."""
    host, machine, pid, *_ = [*owner.split("/"), "", "", ""]
    my_host, my_machine, my_pid, *_ = me.split("/")
    if (host, machine) != (my_host, my_machine) or not pid.isdigit():
        return False
    if pid == my_pid:
        return owner != me
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
