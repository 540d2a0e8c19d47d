"""How long an interrupted answer stood still."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sighting:
    """At `at` (s since the epoch) somebody, a reader or the database, had this many of an answer's tokens."""

    at: float
    tokens: int


@dataclass(frozen=True)
class Request:
    """One request of an answer to a provider; s since the epoch."""

    started_at: float
    first_token_at: float | None


def recovery_s(sightings: Sequence[Sighting], requests: Sequence[Request], *, interrupted_at: float) -> float | None:
    """Seconds to the first new token that came from after the interruption; None when none was left to come.

    `requests`: those to the providers, where a process died; what it had still sent counts as old, and only tokens
    from the first that a provider gave to a later request are new. Without any, each token after the interruption is.
    """
    again = [request.first_token_at for request in requests if request.started_at > interrupted_at]
    begins = [at for at in again if at is not None]
    new_from = min(begins) if begins else interrupted_at
    known = max((sighting.tokens for sighting in sightings if sighting.at <= new_from), default=0)
    new = [sighting.at for sighting in sightings if sighting.at > new_from and sighting.tokens > known]
    return min(new) - interrupted_at if new else None


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; NaN for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
