"""Node, the UI's packages and its build."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.paths import FRONTEND, VENV_BIN
from scripts.python_packages import install
from scripts.stamps import digest, files_below, is_current
from scripts.steps import run_step

MINIMUM_NODE = (22, 12)  # what Vite 8 asks for
DIST = FRONTEND / "dist"
# In dist itself: the next build empties the folder, so a build by hand is never taken for ours.
BUILD_STAMP = DIST / ".sources"
NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "test-results", "__tests__"})


def node_is_enough(version: str) -> bool:
    """Whether the output of `node --version` names one that can build the UI."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    return found is not None and (int(found[1]), int(found[2])) >= MINIMUM_NODE


def _system_node_is_enough() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    command = ["node", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30)  # noqa: S603  the node of PATH is meant
    return node_is_enough(answer.stdout)


def node_environment() -> dict[str, str]:
    """Variables under which `node` and `npm` are found; installs the packaged node when the machine's will not do."""
    if _system_node_is_enough():
        return {}
    install("node", title="Installing Node.js for the UI (60 MB)")
    return {"PATH": f"{VENV_BIN}{os.pathsep}{os.environ['PATH']}"}


def install_ui_packages(env: dict[str, str]) -> None:
    """Install the UI's packages as package-lock.json has them, unless exactly that was done before."""
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if is_current(stamp, wanted):
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run_step("Installing the UI's packages", command, log="npm", cwd=FRONTEND, env=env)
    stamp.write_text(wanted)


def sources() -> list[Path]:
    return files_below(FRONTEND, without=NOT_SOURCES)


def build_ui() -> None:
    """Build frontend/dist unless it was built from the very sources that are here."""
    wanted = digest(sources())
    if is_current(BUILD_STAMP, wanted):
        return
    env = node_environment()
    install_ui_packages(env)
    run_step("Building the UI", ["npm", "run", "build"], log="ui-build", cwd=FRONTEND, env=env)
    BUILD_STAMP.write_text(wanted)
