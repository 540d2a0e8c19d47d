"""The commands that measure Lamla or try to break it: each is a module under backend/, with options that are passed on.

What a module does stands in its first lines; `make help` has a sentence for each.
"""

import os
from dataclasses import dataclass

from scripts.foreground import foreground
from scripts.paths import BACKEND, VENV_BIN, VENV_PYTHON
from scripts.python_packages import install_development
from scripts.system_packages import ensure_browser, find_browser
from scripts.user_interface import build_ui


@dataclass(frozen=True)
class Program:
    """`options` are variables of `make`, as in `make chaos RUNS=100`; the module takes that one as `--runs 100`."""

    module: str
    options: tuple[str, ...] = ()
    in_browser: bool = False

    def __call__(self) -> int:
        """Run it, with what it needs, and return its exit code."""
        install_development()
        if self.in_browser:
            ensure_browser()
            build_ui()
        given = {name: os.environ[name] for name in self.options if os.environ.get(name)}
        options = [part for name, value in given.items() for part in (f"--{name.lower()}", value)]
        # npm comes with the Python packages.
        env = {"PATH": f"{VENV_BIN}{os.pathsep}{os.environ['PATH']}", "CHROMIUM": find_browser() or ""}
        return foreground([VENV_PYTHON, "-m", self.module, *options], cwd=BACKEND, env=env)


PROGRAMS = {
    "bench": Program("bench.streams"),
    "bench-worker": Program("bench.worker"),
    "bench-log": Program("bench.log_cost"),
    "bench-held": Program("bench.held"),
    "bench-ingest": Program("bench.ingest", ("DATABASE", "PAGES", "BOOKS", "ROUNDS", "CHATS")),
    "bench-equal-work": Program("bench.equal_work"),
    "bench-retrieval": Program("bench.retrieval"),
    "bench-page": Program("bench.page", ("MESSAGES",), in_browser=True),
    "lighthouse": Program("bench.lighthouse", ("ONLY", "RUNS"), in_browser=True),
    "nasty": Program("bench.nasty"),
    "pictures": Program("tests.pictures", in_browser=True),
    "chaos": Program(
        "chaos", ("RUNS", "SEED", "DATABASE", "GATEWAYS", "WORKERS", "MINUTES", "LEASE", "ROUND", "FAULTS")
    ),
    "kill-ingest": Program("chaos.ingest", ("RUNS", "SEED", "DATABASE")),
    "fuzz": Program("fuzz", ("CASES", "SEED")),
}
