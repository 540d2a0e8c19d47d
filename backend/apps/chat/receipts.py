"""The receipt of an answer: how long it took, and who was tried for it. It stands with the message."""

from datetime import datetime
from typing import Any

from apps.chat.outcomes import Outcome

TRIES_KEPT = 20  # the last ones: among them is who answered
OF_A_TRY = ("provider", "model", "outcome", "ms", "first_token_ms")


def receipt_of(
    outcome: Outcome, *, asked_at: datetime, first_token_at: datetime | None, ended_at: datetime
) -> dict[str, Any]:
    """As `schemas.Receipt` has it. Any: JSON.

    By the clock and not by a process's own measure of time, since an answer may have been begun by another process.
    """
    return {
        "first_token_ms": _ms(asked_at, first_token_at) if first_token_at else None,
        "total_ms": _ms(asked_at, ended_at),
        "tries": [
            {name: attempt[name] for name in OF_A_TRY}
            for attempt in (outcome.said.get("attempts") or [])[-TRIES_KEPT:]
            if attempt.keys() >= set(OF_A_TRY)
        ],
    }


def _ms(begin: datetime, end: datetime) -> int:
    """Whole milliseconds; none, where the clock was set back meanwhile."""
    return max(0, round((end - begin).total_seconds() * 1000))
