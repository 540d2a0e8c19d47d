"""What every gateway cleans up now and then, whoever made it. A unit of work."""

from datetime import UTC, datetime
from itertools import islice

from apps.chat.services.frame_log import frames_sweep
from apps.chat.services.metering import answers_settle_lost
from apps.chat.services.removing import conversations_remove
from apps.usage.services.ledger import usage_sweep

REMOVALS = 20  # transactions; what is left waits for the next sweep


def sweep() -> None:
    """Frames that nobody follows, reservations that nobody will settle, and what is kept for its time only."""
    frames_sweep()
    now = datetime.now(UTC)
    answers_settle_lost(now=now)
    usage_sweep(now=now)
    for _ in islice(conversations_remove(), REMOVALS):
        pass
