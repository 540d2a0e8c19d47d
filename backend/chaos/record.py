"""The results of a run in a file, so that a later call goes on where this one paused; and what they add up to."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chaos.check import Promise
from chaos.options import Options
from chaos.recovery import percentile
from chaos.rounds import RoundResult

INTERRUPTED_AT_LEAST = 20  # by one fault


@dataclass
class Round:
    """What is kept of one. `violations` are `check.Violation`s as JSON; `recovery` in seconds."""

    number: int
    fault: str
    prompts: int
    interrupted: int
    recovery: list[float]
    start_s: float | None
    violations: list[dict[str, Any]]  # Any: JSON
    seconds: float

    @classmethod
    def of(cls, result: RoundResult) -> "Round":
        return cls(
            number=result.plan.number,
            fault=result.plan.fault,
            prompts=len(result.plan.prompts),
            interrupted=result.interrupted,
            recovery=[round(seconds, 3) for seconds in result.recovery],
            start_s=result.start_s and round(result.start_s, 1),
            violations=[asdict(violation) for violation in result.violations],
            seconds=round(result.seconds, 1),
        )

    def line(self, *, seed: int) -> str:
        """One line of output, and one more for each violation."""
        p95 = f"{percentile(self.recovery, 0.95):.2f} s" if self.recovery else "-"
        judged = f"{len(self.violations)} VIOLATIONS" if self.violations else "ok"
        started = f" with a start of {self.start_s:.1f} s" if self.start_s else ""
        head = (
            f"round {self.number} of seed {seed}: {self.fault}, {self.interrupted} interrupted of {self.prompts}, "
            f"recovery p95 {p95}{started}, {self.seconds:.0f} s: {judged}"
        )
        wrong = [f"    {each['promise']}: {each['prompt']}: {each['what']}" for each in self.violations]
        return "\n".join([head, *wrong])


@dataclass
class Record:
    """`seed` and the rounds so far."""

    seed: int
    rounds: list[Round] = field(default_factory=list)

    @property
    def interrupted(self) -> int:
        """What counts: a fault that met too few answers proves too little."""
        return sum(each.interrupted for each in self.rounds if each.interrupted >= INTERRUPTED_AT_LEAST)

    @property
    def next_number(self) -> int:
        return max((each.number for each in self.rounds), default=-1) + 1

    @property
    def has_violations(self) -> bool:
        return any(each.violations for each in self.rounds)

    @property
    def recovery(self) -> list[float]:
        return [seconds for each in self.rounds for seconds in each.recovery]

    def is_in_time(self, bound_s: float) -> bool:
        """Whether 95 of 100 interrupted answers went on within it."""
        return not self.recovery or percentile(self.recovery, 0.95) <= bound_s

    def totals(self, *, bound_s: float) -> Iterator[str]:
        """The lines that say how the run went."""
        broken: Counter[str] = Counter()
        for each in self.rounds:
            for violation in each.violations:
                broken[violation["promise"]] += violation["count"]
        prompts = sum(each.prompts for each in self.rounds)
        yield f"{len(self.rounds)} rounds of seed {self.seed}: {self.interrupted} of {prompts} answers interrupted"
        few = sum(each.interrupted < INTERRUPTED_AT_LEAST for each in self.rounds)
        if few:
            yield f"  not counted: {few} rounds with fewer than {INTERRUPTED_AT_LEAST}, though checked as well"
        for promise in Promise:
            yield f"  {promise.value}: {broken[promise.value]}"
        yield from self._by_fault()
        p50, p95 = percentile(self.recovery, 0.5), percentile(self.recovery, 0.95)
        judged = "within" if self.is_in_time(bound_s) else "ABOVE"
        measured = f"{len(self.recovery)} measured, longest {max(self.recovery, default=0):.2f} s"
        yield f"  recovery p50 {p50:.2f} s, p95 {p95:.2f} s: {judged} the bound of {bound_s:g} s ({measured})"

    def _by_fault(self) -> Iterator[str]:
        for fault in sorted({each.fault for each in self.rounds}):
            of = [each for each in self.rounds if each.fault == fault]
            recovery = [seconds for each in of for seconds in each.recovery]
            wrong = sum(len(each.violations) for each in of)
            yield (
                f"  {fault}: {len(of)} rounds, {sum(each.interrupted for each in of)} interrupted "
                f"(fewest {min(each.interrupted for each in of)}), {wrong} violations, "
                f"recovery p50 {percentile(recovery, 0.5):.2f} s, p95 {percentile(recovery, 0.95):.2f} s"
            )

    def write(self, file: Path) -> None:
        """Whole or not at all: a kill of the kit itself must not cost what was done."""
        file.parent.mkdir(parents=True, exist_ok=True)
        being_written = file.with_suffix(".writing")
        being_written.write_text(json.dumps(asdict(self), indent=1))
        being_written.replace(file)


def read_record(file: Path) -> Record | None:
    if not file.exists():
        return None
    kept = json.loads(file.read_text())
    return Record(seed=kept["seed"], rounds=[Round(**each) for each in kept["rounds"]])


def file_of(options: Options) -> Path:
    """Of the run that goes on; one that is done has `done_file_of`."""
    return options.artifacts / f"chaos-{options.shape}.json"


def done_file_of(options: Options, *, seed: int) -> Path:
    return options.artifacts / f"chaos-{options.shape}-seed{seed}-done.json"
