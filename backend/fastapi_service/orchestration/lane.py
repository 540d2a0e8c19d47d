"""A provider with what stands in front of it, and which of several a request tries next."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from fastapi_service.core.errors import Overloaded, ProviderError, ProviderUnavailable, RateLimited
from fastapi_service.orchestration.breaker import Breaker
from fastapi_service.orchestration.limits import RETRY_AFTER_SECONDS, ConcurrencyLimit
from fastapi_service.orchestration.policy import Step, pause_s, rule_for, too_long_to_wait
from fastapi_service.providers.base import Provider


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A provider, the queue in front of it, and its circuit breaker."""

    provider: Provider
    limit: ConcurrencyLimit
    breaker: Breaker

    @property
    def state(self) -> Literal["ready", "open"]:
        """`open` while its circuit is: it failed too often and is left alone."""
        return "ready" if self.breaker.state == "closed" else "open"

    @property
    def has_room(self) -> bool:
        return self.breaker.allows() and not self.limit.full


@dataclass(slots=True)
class Route:
    """One request's way through the lanes; each is tried `tries` times at most."""

    lanes: Sequence[Lane]
    tries: int
    rng: random.Random
    failures: dict[Lane, int] = field(default_factory=dict)
    errors: dict[Lane, ProviderError] = field(default_factory=dict)
    useless: set[Lane] = field(default_factory=set)

    def first(self) -> Lane:
        """The first lane with room. Raises: Overloaded; CircuitOpen or RateLimited where all are left alone."""
        for lane in self.lanes:
            if lane.has_room:
                return lane
        allowed = [lane for lane in self.lanes if lane.breaker.allows()]
        if not allowed:
            raise min((lane.breaker.refusal() for lane in self.lanes), key=_wait_s)
        raise Overloaded(
            "Too many answers are being written just now. Please try again shortly.",
            retry_after_s=RETRY_AFTER_SECONDS,
        )

    def has_others(self, lane: Lane) -> bool:
        """Whether somebody else could take over from `lane`."""
        return any(other is not lane and self._usable(other) for other in self.lanes)

    def after(self, lane: Lane, error: ProviderError, *, written: bool, left_s: float) -> tuple[Lane, float] | None:
        """Where to go from `lane`, and after how long a pause (s); None where the error is to be told.

        `written`: a part of the answer has been sent. `left_s`: until the request's deadline.
        """
        self.failures[lane] = self.failures.get(lane, 0) + 1
        self.errors[lane] = error
        step = rule_for(error).step
        if step is Step.RETURN or left_s <= 0:
            return None
        if step in (Step.ONLY_OTHERS, Step.LARGER):
            self.useless.add(lane)
        pause = pause_s(error, failures=self.failures[lane], rng=self.rng)
        again = pause < left_s and not too_long_to_wait(error) and self._usable(lane)
        if step is Step.SAME and not written and again:
            return lane, pause
        larger_than = lane.provider.context_tokens if step is Step.LARGER else 0
        for other in self._from(lane):
            if self._usable(other) and other.provider.context_tokens > larger_than:
                return other, 0.0
        return (lane, pause) if again else None

    def told(self, error: ProviderError) -> ProviderError:
        """What the caller is told when the last error was `error`: it, or that nobody could answer."""
        if rule_for(error).step is not Step.RETURN:
            kinds = {type(found) for found in self.errors.values()}
            if kinds == {RateLimited}:
                error = min(self.errors.values(), key=_wait_s)
            elif len(kinds) > 1:
                error = ProviderUnavailable(
                    "None of the models could answer just now. Please try again shortly.",
                    provider=error.provider,
                    reason="all_failed",
                )
        if isinstance(error, RateLimited) and error.retry_after_s is None:
            error.retry_after_s = RETRY_AFTER_SECONDS
        return error

    def _usable(self, lane: Lane) -> bool:
        return self.failures.get(lane, 0) < self.tries and lane not in self.useless and lane.has_room

    def _from(self, lane: Lane) -> list[Lane]:
        """The other lanes in order, beginning behind `lane`."""
        at = self.lanes.index(lane)
        return [*self.lanes[at + 1 :], *self.lanes[:at]]


def _wait_s(error: ProviderError) -> int:
    return error.retry_after_s or RETRY_AFTER_SECONDS
