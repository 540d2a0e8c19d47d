"""What is kept of a round that broke a promise: what its processes wrote, and all that was known of it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from chaos.rounds import RoundResult
from tests.stack import Service


class LogMarks:
    """How long each process's log was when the round began."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._lengths = {service.log: _length(service.log) for service in services}

    def keep(self, result: RoundResult, *, artifacts: Path) -> Path:
        """Write the round's part of each log and its evidence into a folder of its own, which is returned."""
        folder = artifacts / f"chaos-seed{result.plan.seed}-round{result.plan.number}"
        folder.mkdir(parents=True, exist_ok=True)
        for log, length in self._lengths.items():
            (folder / f"{log.stem}.txt").write_bytes(log.read_bytes()[length:])
        known = {
            "plan": asdict(result.plan),
            "evidence": asdict(result.evidence),
            "violations": [asdict(violation) for violation in result.violations],
        }
        (folder / "round.json").write_text(json.dumps(known, indent=1, default=sorted))
        return folder


def _length(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
