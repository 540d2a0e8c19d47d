"""Rounds one after the other, until enough answers were interrupted or the time of this chunk is up."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from chaos.keeping import LogMarks
from chaos.options import Options
from chaos.plan import plan_round
from chaos.record import Record, Round, done_file_of, file_of, read_record
from chaos.rounds import RoundResult, play_round
from chaos.site import Site, running_site

SEEDS = 1_000_000


def run(options: Options) -> int:
    """Play, print, keep; the exit code: 1 when a promise was broken, or in the end answers went on too late."""
    if options.round_number is not None:
        return replay(options)
    record = begun(options)
    print(f"seed {record.seed}: {record.interrupted} of {options.runs} interrupted so far", flush=True)
    file = file_of(options)
    if record.interrupted < options.runs:
        for result in chunk(options, record):
            record.rounds.append(Round.of(result))
            record.write(file)
            print(record.rounds[-1].line(seed=record.seed), flush=True)
    print(*record.totals(bound_s=options.recovery_bound_s), sep="\n")
    return conclude(options, record, file)


def conclude(options: Options, record: Record, file: Path) -> int:
    if record.interrupted < options.runs:
        print(f"{record.interrupted} of {options.runs}: the same command goes on from here.")
        return int(record.has_violations)
    file.replace(done_file_of(options, seed=record.seed))
    return int(record.has_violations or not record.is_in_time(options.recovery_bound_s))


def replay(options: Options) -> int:
    """One round of a seed again, which changes no record."""
    assert options.seed is not None
    assert options.round_number is not None
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), options) as site:
        result = play(site, options, seed=options.seed, number=options.round_number)
    print(Round.of(result).line(seed=options.seed))
    return int(bool(result.violations))


def begun(options: Options) -> Record:
    """The run that goes on, unless another seed is asked for; else a new one."""
    kept = read_record(file_of(options))
    if kept and options.seed in (None, kept.seed):
        return kept
    return Record(seed=secrets.randbelow(SEEDS) if options.seed is None else options.seed)


def chunk(options: Options, record: Record) -> Iterator[RoundResult]:
    """Rounds on one site, while the record that each is added to has too few, and time is left."""
    ends_at = time.monotonic() + options.minutes * 60
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), options) as site:
        while record.interrupted < options.runs and time.monotonic() < ends_at:
            yield play(site, options, seed=record.seed, number=record.next_number)


def play(site: Site, options: Options, *, seed: int, number: int) -> RoundResult:
    marks = LogMarks(site.services)
    result = asyncio.run(play_round(plan_round(options, seed=seed, number=number), site))
    if result.violations:
        print(f"    kept in {marks.keep(result, artifacts=options.artifacts)}", flush=True)
    return result
