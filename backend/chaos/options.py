"""What a run of the kit is asked for."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ARTIFACTS = Path(__file__).resolve().parent.parent.parent / "test-artifacts"
# How many seconds above the lease an interrupted answer may take to go on, for 95 of 100.
RECOVERY_ABOVE_LEASE_SECONDS = 2.0


@dataclass(frozen=True)
class Options:
    """`runs`: interrupted answers; `round_number`: this round alone; `prompts`: at least so many in a round.

    Times are in seconds, but `minutes`; `answers_s`: how long an answer takes that nothing interrupts, from and to.
    """

    runs: int = 1000
    seed: int | None = None
    database: Literal["sqlite", "postgres"] = "sqlite"
    gateways: int = 1
    workers: int = 1
    minutes: float = 8.0
    lease_s: float = 2.0
    round_number: int | None = None
    faults: tuple[str, ...] = ()
    prompts: int = 26
    answers_s: tuple[float, float] = (6.0, 8.0)
    artifacts: Path = ARTIFACTS

    @property
    def recovery_bound_s(self) -> float:
        return self.lease_s + RECOVERY_ABOVE_LEASE_SECONDS

    @property
    def shape(self) -> str:
        """What was run, as a part of a file's name: results of one shape may be added up."""
        faults = "".join(f"-{fault}" for fault in self.faults)
        return f"{self.database}-{self.gateways}g{self.workers}w-lease{self.lease_s:g}{faults}"


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """From the command line. Ends the process with a sentence when it cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Kill things, and check every answer.")
    parser.add_argument("--runs", type=int, default=Options.runs, help="interrupted answers to reach")
    parser.add_argument("--seed", type=int, help="a number from an earlier run, to play the same plan again")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default=Options.database)
    parser.add_argument("--gateways", type=int, default=Options.gateways)
    parser.add_argument("--workers", type=int, default=Options.workers, help="processes of the worker")
    parser.add_argument("--minutes", type=float, default=Options.minutes, help="after which to pause")
    parser.add_argument("--lease", type=float, default=Options.lease_s, dest="lease_s", help="seconds")
    parser.add_argument("--round", type=int, dest="round_number", help="play this round of SEED alone")
    parser.add_argument("--faults", default="", help="only these, comma-separated")
    given = parser.parse_args(arguments)
    if given.database == "sqlite" and given.gateways > 1:
        parser.error("several gateways share a database only on Postgres: add --database postgres")
    if given.round_number is not None and given.seed is None:
        parser.error("a round is played again with its seed: add --seed")
    return Options(**{**vars(given), "faults": tuple(filter(None, given.faults.split(",")))})
