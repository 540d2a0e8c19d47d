"""A circuit breaker per provider: who failed again and again is left alone for a while, then tried by one request."""

import asyncio
import math
from types import TracebackType

from fastapi_service.core.errors import CircuitOpen, ProviderError, RateLimited
from fastapi_service.orchestration.policy import Step, rule_for, too_long_to_wait

LONGEST_OPEN_SECONDS = 60.0
SHOW_LIFE = (Step.RETURN, Step.LARGER)  # who refuses a request for what it says has read it


class Breaker:
    """Closed until `failures` in a row, then open for `open_s`, then half-open for one probe.

    A probe that shows a first token, or is refused for what it says, closes it; one that fails opens it for twice as
    long, up to LONGEST_OPEN_SECONDS. A cancelled one lets the next request probe. Calls that were under way when it
    opened change nothing.
    """

    def __init__(self, name: str, label: str, *, failures: int, open_s: float) -> None:
        self._name, self._label = name, label
        self._failures_to_open = failures
        self._first_open_s = self._open_s = open_s
        self._failures = 0
        self._open_until = 0.0
        self._is_open = self._probing = self._rate_limited = False

    @property
    def state(self) -> str:
        """closed, open, or half_open: to be tried by one call."""
        if not self._is_open:
            return "closed"
        return "open" if self._wait_s() > 0 else "half_open"

    def allows(self) -> bool:
        """Whether a call may begin now."""
        return not self._is_open or (self._wait_s() <= 0 and not self._probing)

    def refusal(self) -> ProviderError:
        """The error for who comes while it is open; Retry-After says when it will be tried again."""
        wait_s = max(1, math.ceil(self._wait_s()))
        if self._rate_limited:
            told = f"{self._label} is at its limit. Please try again in {wait_s} s."
            return RateLimited(told, provider=self._name, reason="open", retry_after_s=wait_s)
        told = f"{self._label} has failed several times and is left alone for {wait_s} s. Please try again then."
        return CircuitOpen(told, provider=self._name, reason="open", retry_after_s=wait_s)

    def call(self) -> "Call":
        """One call of the provider, as a context manager that notes its end. Raises: CircuitOpen, RateLimited."""
        if not self.allows():
            raise self.refusal()
        is_probe = self._is_open
        self._probing = self._probing or is_probe
        return Call(self, is_probe=is_probe)

    def begun(self, *, is_probe: bool) -> None:
        """The provider shows life."""
        if is_probe:
            self._probing = self._is_open = False
            self._open_s = self._first_open_s
            self._failures = 0

    def ended(self, error: BaseException | None, *, is_probe: bool) -> None:
        """Note how a call ended; what is not the provider's fault, a cancellation among it, changes nothing."""
        is_probe = is_probe and self._is_open
        if is_probe:
            self._probing = False
        if self._is_open and not is_probe:
            return
        if error is None:
            self._failures = 0
            self.begun(is_probe=is_probe)
        elif isinstance(error, RateLimited):
            if is_probe or too_long_to_wait(error):
                self._open(max(error.retry_after_s or 0, self._first_open_s), rate_limited=True)
        elif isinstance(error, ProviderError):
            self._failed(error, is_probe=is_probe)

    def _failed(self, error: ProviderError, *, is_probe: bool) -> None:
        rule = rule_for(error)
        if rule.counts:
            self._failures += 1
            if is_probe:
                self._open_s = min(self._open_s * 2, max(LONGEST_OPEN_SECONDS, self._first_open_s))
            if is_probe or self._failures >= self._failures_to_open:
                self._open(self._open_s, rate_limited=False)
        elif rule.step in SHOW_LIFE:
            self.begun(is_probe=is_probe)

    def _open(self, seconds: float, *, rate_limited: bool) -> None:
        self._is_open, self._rate_limited = True, rate_limited
        self._open_until = asyncio.get_running_loop().time() + seconds

    def _wait_s(self) -> float:
        return self._open_until - asyncio.get_running_loop().time()


class Call:
    """One call under a breaker; only the `with` block ends it."""

    def __init__(self, breaker: Breaker, *, is_probe: bool) -> None:
        self._breaker = breaker
        self._is_probe = is_probe

    def begun(self) -> None:
        """The first token is there."""
        if self._is_probe:
            self._breaker.begun(is_probe=True)
            self._is_probe = False

    def __enter__(self) -> "Call":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._breaker.ended(error, is_probe=self._is_probe)
