"""`python -m fuzz`: send everything, write docs/hostile-input.md, and end with 1 if anything was wrong."""

import argparse
import sys
import tempfile
from pathlib import Path

from fuzz.askers import gateway_askers, worker_askers
from fuzz.contract import Report, examine
from fuzz.hostile import Table, answers_normally, attack, send_strings
from fuzz.loris import KINDS, SlowLoris
from fuzz.page import Memory, faults_of, page
from fuzz.site import gateway_target, memory_mb, running_site, worker_target
from tests.stack import Stack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hostile-input.md"
PASSES = 3
WARMING = 3  # the allocator keeps what the largest bodies took at once, and that differs from time to time
GROWTH_MAX_MB = 8.0  # between the first pass and the last
SLOW_PATIENCE_SECONDS = 90.0


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m fuzz")
    options.add_argument("--cases", type=int, default=10_000, help="requests from the OpenAPI documents")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamla-fuzz-") as folder, running_site(Path(folder)) as stack:
        reports = fuzz_both(stack, cases=chosen.cases, seed=chosen.seed)
        table, memory = passes_over(stack)
        slow = hold_slowly(stack)
        faults = [*faults_of(table.values()), *(report.told for report in reports.values() if report.faults)]
        faults += [f"{name}: grew by more than {GROWTH_MAX_MB} MB" for name, each in memory.items() if _grew(each)]
        faults += [f"{each.target.name}: {each.never_closed} {each.kind} held" for each in slow if each.never_closed]
        if not answers_normally(stack):
            faults.append("a chat does not go as usual afterwards")
    PAGE.write_text(page(table, memory=memory, passes=PASSES, slow=slow, reports=reports))
    print("\n".join(faults) or f"Nothing was wrong; {PAGE} says what was sent.")
    return 1 if faults else 0


def fuzz_both(stack: Stack, *, cases: int, seed: int) -> dict[str, Report]:
    gateway = examine(f"{stack.gateway.url}/api/openapi.json", gateway_askers(stack), cases=cases * 3 // 4, seed=seed)
    worker = examine(f"{stack.worker.url}/openapi.json", worker_askers(), cases=cases - cases * 3 // 4, seed=seed)
    reports = {"gateway": gateway, "worker": worker}
    for name, report in reports.items():
        print(f"{name}: {report.sent} requests, {len(report.faults)} faults", flush=True)
    return reports


def passes_over(stack: Stack) -> tuple[Table, dict[str, Memory]]:
    """The table of the last pass, and what the passes before it left in memory."""
    for _ in range(WARMING):
        attack(stack, {})
    after: list[dict[str, float]] = []
    for number in range(PASSES):
        table: Table = {}
        attack(stack, table)
        send_strings(stack, table, everywhere=True)
        after.append(memory_mb(stack))
        print(f"pass {number + 1}: {after[-1]}", flush=True)
    return table, {name: Memory(after[0][name], after[-1][name]) for name in after[0]}


def hold_slowly(stack: Stack) -> list[SlowLoris]:
    """All kinds on both services at once; a chat must go as usual meanwhile."""
    targets = (gateway_target(stack), worker_target(stack))
    slow = [SlowLoris(target, kind, SLOW_PATIENCE_SECONDS) for target in targets for kind in KINDS]
    for each in slow:
        each.start()
    assert answers_normally(stack), "a chat does not go as usual beside slow clients"
    for each in slow:
        each.join()
    return slow


def _grew(memory: Memory) -> bool:
    return memory.after_last - memory.after_first > GROWTH_MAX_MB


if __name__ == "__main__":
    sys.exit(main())
