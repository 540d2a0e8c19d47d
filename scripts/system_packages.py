"""What comes from the system and not from a package of ours: a browser for tests, OpenMP for the built-in model."""

import ctypes
import os
import shutil
import sys

from scripts.steps import Stop, run_step

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """The Chromium to drive: the one that CHROMIUM names, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> None:
    """Install Chromium where that is possible without asking. Raises: Stop with the way to get it elsewhere."""
    if not find_browser():
        _install(
            "chromium",
            otherwise="The tests of the UI need a Chromium, and none was found: install one "
            "(Debian, Ubuntu: sudo apt-get install chromium), or name yours with CHROMIUM=/path/to/chrome.",
        )


def ensure_openmp() -> None:
    """Install the OpenMP library that llama.cpp computes with. Raises: Stop with the way to get it elsewhere."""
    if sys.platform == "linux" and not _has_openmp():
        _install(
            "libgomp1",
            otherwise="The built-in model needs the OpenMP library libgomp.so.1, which is not here: install it "
            "(Debian, Ubuntu: sudo apt-get install libgomp1; Fedora: sudo dnf install libgomp), "
            "or set a provider's key or LOCAL_LLM_BASE_URL in .env.",
        )


def _has_openmp() -> bool:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True


def _install(package: str, *, otherwise: str) -> None:
    """Install a package of Debian's kind as root. Raises: Stop with `otherwise` when we may not, or cannot."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(otherwise)
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run_step("Reading the list of system packages", ["apt-get", "update", "-q"], log="apt-update", env=env)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", package]
    run_step(f"Installing {package} with apt", command, log=f"apt-{package}", env=env)
