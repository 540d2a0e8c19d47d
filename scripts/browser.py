"""The browser that the tests of the UI drive."""

import os
import shutil

from scripts.steps import Stop, run_step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """The Chromium to drive: the one that CHROMIUM names, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def ensure_browser() -> None:
    """Install Chromium where that is possible without asking. Raises: Stop with the way to get it elsewhere."""
    if find_browser():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(
            "The tests of the UI need a Chromium, and none was found: install one "
            "(Debian, Ubuntu: sudo apt-get install chromium), or name yours with CHROMIUM=/path/to/chrome."
        )
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run_step("Reading the list of system packages", ["apt-get", "update", "-q"], log="apt-update", env=env)
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    run_step("Installing Chromium for the tests of the UI", command, log="apt-install", env=env)
