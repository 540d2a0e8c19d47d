"""The commands that measure Lamla or try to break it: each is a module under backend/, with options that are passed on.

What a module does stands in its first lines; `make help` has a sentence for each.
"""

import os
from dataclasses import dataclass

from scripts.foreground import foreground
from scripts.paths import BACKEND, VENV_PYTHON
from scripts.python_packages import install_development


@dataclass(frozen=True)
class Program:
    """`options` are variables of `make`, as in `make chaos RUNS=100`; the module takes that one as `--runs 100`."""

    module: str
    options: tuple[str, ...] = ()

    def __call__(self) -> int:
        """Run it, and return its exit code."""
        install_development()
        given = {name: os.environ[name] for name in self.options if os.environ.get(name)}
        options = [part for name, value in given.items() for part in (f"--{name.lower()}", value)]
        return foreground([VENV_PYTHON, "-m", self.module, *options], cwd=BACKEND)


PROGRAMS = {
    "bench": Program("bench.streams"),
    "bench-worker": Program("bench.worker"),
    "bench-log": Program("bench.log_cost"),
    "bench-held": Program("bench.held"),
    "bench-ingest": Program("bench.ingest", ("DATABASE", "PAGES", "BOOKS", "ROUNDS", "CHATS")),
    "bench-equal-work": Program("bench.equal_work"),
    "bench-retrieval": Program("bench.retrieval"),
    "bench-page": Program("bench.page", ("MESSAGES",)),
    "lighthouse": Program("bench.lighthouse", ("ONLY", "RUNS")),
    "nasty": Program("bench.nasty"),
    "chaos": Program(
        "chaos", ("RUNS", "SEED", "DATABASE", "GATEWAYS", "WORKERS", "MINUTES", "LEASE", "ROUND", "FAULTS")
    ),
    "kill-ingest": Program("chaos.ingest", ("RUNS", "SEED", "DATABASE")),
    "fuzz": Program("fuzz", ("CASES", "SEED")),
}
