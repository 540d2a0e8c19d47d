"""One try of one provider: its turn, its time, and what came of it."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from fastapi_service.core.errors import (
    ApiError,
    Overloaded,
    ProviderError,
    ProviderOverloaded,
    ProviderUnavailable,
)
from fastapi_service.orchestration.breaker import Call
from fastapi_service.orchestration.deadlines import Deadlines
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.lane import Lane
from fastapi_service.orchestration.limits import Ticket
from fastapi_service.providers.base import Provider, Timeouts, Usage

logger = logging.getLogger(__name__)


def now() -> float:
    """The event loop's clock (s), by which all limits here are kept."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Trial:
    """A try while it runs."""

    lane: Lane
    model: str = ""
    began: float = field(default_factory=now)
    first_token_at: float | None = None
    deltas: int = 0
    usage: Usage = field(default_factory=Usage)
    call: Call | None = None

    def token(self) -> None:
        """Count one delta; the first one shows that the provider lives."""
        if not self.deltas:
            self.first_token_at = now()
            if self.call:
                self.call.begun()
        self.deltas += 1

    def ended(self, outcome: str) -> Attempt:
        first, usage = self.first_token_at, self.usage
        return Attempt(
            provider=self.lane.provider.name,
            model=self.model,
            outcome=outcome,
            ms=_ms(now() - self.began),
            first_token_ms=None if first is None else _ms(first - self.began),
            input_tokens=usage.input_tokens or None,
            output_tokens=usage.output_tokens or self.deltas,
        )


def outcome_of(error: BaseException) -> str:
    """The word for an attempt that ended with `error`."""
    if isinstance(error, ProviderError):
        return error.reason
    return "cancelled" if isinstance(error, asyncio.CancelledError | GeneratorExit) else "failed"


def enter(lane: Lane) -> Ticket:
    """A place at the lane, or in its queue. Raises: ProviderOverloaded when that has filled up meanwhile."""
    try:
        return lane.limit.enter()
    except Overloaded as full:
        raise ProviderOverloaded(
            full.message, provider=lane.provider.name, reason="queue_full", retry_after_s=full.retry_after_s
        ) from full


@asynccontextmanager
async def turn(
    trial: Trial, ticket: Ticket, timeouts: Timeouts, *, ends_at: float, patience_s: float
) -> AsyncIterator[Deadlines]:
    """The block is the provider's time: entered when it is this request's turn, and watched by the breaker.

    Raises: ProviderError, also for a turn that did not come within `patience_s`.
    """
    provider = trial.lane.provider
    if ticket.waiting:
        async with Deadlines(provider, timeouts, ends_at=ends_at) as queue:
            queue.expect_turn(patience_s)
            await ticket.admitted()
    with trial.lane.breaker.call() as call:
        trial.call = call
        async with Deadlines(provider, timeouts, ends_at=ends_at) as deadlines:
            deadlines.expect_first_token()
            with _adapter_faults(provider):
                yield deadlines


@contextmanager
def _adapter_faults(provider: Provider) -> Iterator[None]:
    """What no adapter should raise is its provider's failure: others can still answer."""
    try:
        yield
    except ApiError:
        raise
    except Exception as error:
        # Without its message, which may quote a prompt or a key.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s in the adapter of %s:\n%s", type(error).__name__, provider.name, where)
        raise ProviderUnavailable(
            f"{provider.label} could not be used because of a fault on our side.",
            provider=provider.name,
            reason="failed",
        ) from None


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
