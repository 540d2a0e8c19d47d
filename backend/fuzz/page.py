"""The page of the documentation that says what was sent, and how it was answered."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fuzz.contract import Report
from fuzz.hostile import Row, Table
from fuzz.loris import CONNECTIONS, SlowLoris
from fuzz.wire import CLOSED

BEGINNING = """# Hostile input

What is sent at the running product to hurt it, and how it answers. `make fuzz` starts gateway and worker as real
processes, sends all of it, and writes this page; `make fuzz CASES=…` sends another number of requests of the second
part. `make test` sends one string to one place each and some hundreds of requests, and fails for the same reasons:

- an answer of 500, a status that is not right for what was sent, or, in the second part, any answer that the OpenAPI
  document does not declare: status, content type, schema;
- a refusal that is no problem document, or a header that the sender chose;
- a text that was taken and comes back changed, a file's name that is a path;
- a connection that is held although nothing comes of it, memory that grows, or a chat that does not go as usual
  afterwards.
"""


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of a service after the first pass and after the last."""

    after_first: float
    after_last: float


def page(
    table: Table, *, memory: Mapping[str, Memory], passes: int, slow: Iterable[SlowLoris], reports: Mapping[str, Report]
) -> str:
    sections = [
        BEGINNING,
        "## By hand\n\nStatuses with how often they came; *closed*: the connection, without an answer.\n",
        _rows(table),
        _slow(slow),
        _memory(memory, passes=passes),
        "## From the OpenAPI documents\n\nRequests made by schemathesis, half of them right by the document and half "
        "wrong, from owners, strangers and programs with tokens; half of the ids in paths are the sender's own.\n",
        *(f"**{name}**: {_told(report)}\n" for name, report in reports.items()),
    ]
    return "\n".join(sections)


def _rows(table: Table) -> str:
    lines = ["| kind | sent | gateway | worker | faults |", "|---|---|---|---|---|"]
    for kind, row in table.items():
        gateway, worker = (_counts(row.answers.get(name, Counter())) for name in ("gateway", "worker"))
        lines.append(f"| {kind} | {row.sent} | {gateway} | {worker} | {len(row.faults)} |")
    return "\n".join(lines) + "\n"


def _counts(statuses: Counter[int]) -> str:
    told = [f"{'closed' if status == CLOSED else status} × {count}" for status, count in sorted(statuses.items())]
    return ", ".join(told) or "–"


def _slow(slow: Iterable[SlowLoris]) -> str:
    lines = [
        f"{CONNECTIONS} connections of each kind, a byte every half second; the longest that one of them was held:\n",
        "| service | sent slowly | held for at most | never closed |",
        "|---|---|---|---|",
    ]
    for each in slow:
        longest = f"{max(each.held_s, default=0):.0f} s"
        lines.append(f"| {each.target.name} | {each.kind} | {longest} | {each.never_closed} |")
    return "\n".join(lines) + "\n"


def _memory(memory: Mapping[str, Memory], *, passes: int) -> str:
    lines = [f"Resident memory after the first pass over the table and after pass {passes}:\n"]
    lines += [f"- {name}: {each.after_first:.0f} MB, then {each.after_last:.0f} MB" for name, each in memory.items()]
    return "\n".join(lines) + "\n"


def _told(report: Report) -> str:
    totals: Counter[int] = sum(report.answers.values(), Counter())
    faults = len(report.faults)
    return f"{report.sent:,} requests to {len(report.answers)} operations, {faults} faults: {_counts(totals)}."


def faults_of(rows: Iterable[Row]) -> list[str]:
    return [fault for row in rows for fault in row.faults]
