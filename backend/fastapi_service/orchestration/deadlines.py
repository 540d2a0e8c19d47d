"""The limits on one try's time: for its turn, to the first token, between tokens, and in all."""

import asyncio
from types import TracebackType

from fastapi_service.core.errors import DeadlinePassed, ProviderTimeout
from fastapi_service.providers.base import Provider, Timeouts

# Moving a timer for each token costs more than reading the token; the stall limit is this part of itself inexact.
STALL_STEP = 1 / 8

TOTAL = "total_timeout"
WHAT_TOOK_LONG = {
    "queue_timeout": "Too many answers are being written just now, and yours did not get its turn.",
    "first_token_timeout": "{label} did not begin to answer in time. Please try again.",
    "answer_timeout": "{label} did not answer in time. Please try again.",
    "stalled": "{label} stopped in the middle of its answer.",
    TOTAL: "{label} needed too long for this answer.",
}


class Deadlines:
    """A block that ends with ProviderTimeout, or DeadlinePassed, when the limit passes which counts just then.

    Within one task only: its timer cancels the task that entered. `ends_at` is the request's own limit, by the
    clock of the event loop.
    """

    def __init__(self, provider: Provider, timeouts: Timeouts, *, ends_at: float) -> None:
        self._provider = provider
        self._timeouts = timeouts
        self._now = asyncio.get_running_loop().time
        self._ends_at = ends_at
        self._timer = asyncio.timeout_at(ends_at)
        self._reason = TOTAL
        self._move_again_at = 0.0

    async def __aenter__(self) -> "Deadlines":
        await self._timer.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timer.__aexit__(kind, error, trace)
        except TimeoutError as timeout:
            kind_of = DeadlinePassed if self._reason == TOTAL else ProviderTimeout
            raise kind_of(
                WHAT_TOOK_LONG[self._reason].format(label=self._provider.label),
                provider=self._provider.name,
                reason=self._reason,
            ) from timeout

    def expect_turn(self, within_s: float) -> None:
        self._expect_within(within_s, "queue_timeout")

    def expect_answer(self, within_s: float) -> None:
        """A whole answer, which shows no token before its end."""
        self._expect_within(within_s, "answer_timeout")

    def expect_first_token(self) -> None:
        self._expect_within(self._timeouts.first_token_s, "first_token_timeout")

    def expect_next_token(self) -> None:
        """To be called at each token; the limit counts from about then."""
        if self._now() >= self._move_again_at:
            self._expect_within(self._timeouts.between_tokens_s, "stalled")
            self._move_again_at = self._now() + self._timeouts.between_tokens_s * STALL_STEP

    def expect_reader(self) -> None:
        """It is the reader who is slow, not the provider: only the limit in all counts until the next token."""
        self._expect_within(self._timeouts.total_s, TOTAL)
        self._move_again_at = 0.0

    def _expect_within(self, seconds: float, reason: str) -> None:
        at = self._now() + seconds
        self._reason = reason if at < self._ends_at else TOTAL
        self._timer.reschedule(min(at, self._ends_at))
