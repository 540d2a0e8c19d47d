"""What happens to a request on its way through the chain, in the order in which a reader is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi_service.providers.base import FinishReason, ReasoningDelta, TextDelta, Usage


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing while waiting; it is not kept."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The provider and model that will answer."""

    provider: str
    model: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one provider: `ok`, or the reason why not, after `ms` milliseconds.

    Where the provider did not get to say its usage, `output_tokens` are the deltas that came, and `input_tokens` is
    None. `first_token_ms` is None where there was none, or where the answer came as a whole.
    """

    provider: str
    model: str
    outcome: str
    ms: int
    first_token_ms: int | None = None
    input_tokens: int | None = None
    output_tokens: int = 0


def usage_of(attempts: Iterable[Attempt]) -> Usage:
    """Tokens of all attempts together, of the failed ones too, as far as they are known."""
    usage = Usage()
    for attempt in attempts:
        usage = Usage(usage.input_tokens + (attempt.input_tokens or 0), usage.output_tokens + attempt.output_tokens)
    return usage


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an answer that succeeded; `usage` is that of all attempts together, as far as it is known."""

    finish_reason: FinishReason
    usage: Usage
    attempts: tuple[Attempt, ...]


Event = Notice | Chosen | TextDelta | ReasoningDelta
