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


def first_new_token_s(requests: Sequence[Request], *, interrupted_at: float) -> float:
    """From when on (s since the epoch) tokens can be new after a process has died: what it had sent is old.

    That is the first token of a later request to a provider; the interruption itself where there is none.
    """
    begins = [request.first_token_at for request in requests if request.started_at > interrupted_at]
    return min((at for at in begins if at is not None), default=interrupted_at)


def recovery_s(sightings: Sequence[Sighting], *, interrupted_at: float, new_from: float) -> float | None:
    """Seconds from the interruption to the first token that is more than was seen up to `new_from`; None for none."""
    known = max((sighting.tokens for sighting in sightings if sighting.at <= new_from), default=0)
    new = [sighting.at for sighting in sightings if sighting.at > new_from and sighting.tokens > known]
    return min(new) - interrupted_at if new else None


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; NaN for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
