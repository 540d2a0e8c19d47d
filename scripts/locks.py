"""Re-makes the lock files of backend/requirements from their .in files."""

import sys

from scripts.paths import REQUIREMENTS, ROOT
from scripts.steps import run_step

TOOLS = ROOT / "var" / "tools"
# Hashes for every platform, and no address of a registry: whoever installs brings their own.
COMPILE = (
    "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--upgrade",
)  # fmt: skip


def make_locks() -> None:
    """Write runtime.txt, dev.txt, local-model.txt and node.txt with the newest versions that their .in files allow."""
    uv = TOOLS / "bin" / "uv"
    if not uv.exists():
        run_step("Making a place for the lock tool", [sys.executable, "-m", "venv", "--clear", TOOLS], log="lock-venv")
        run_step(
            "Installing uv", [TOOLS / "bin" / "pip", "install", "--disable-pip-version-check", "uv"], log="lock-uv"
        )
    # dev after runtime, held to it: what is tested is what runs.
    for name, options in (
        ("runtime", ()),
        ("dev", ("--constraint", "runtime.txt")),
        ("local-model", ("--no-deps",)),
        ("node", ()),
    ):
        command = [uv, *COMPILE, *options, f"{name}.in", "-o", f"{name}.txt"]
        run_step(f"Locking {name}.in", command, log=f"lock-{name}", cwd=REQUIREMENTS)
