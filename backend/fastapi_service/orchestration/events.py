"""What happens to a request on its way through the chain, in the order in which a reader is told."""

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
    """One try of one provider: `ok`, or the reason why not, after `ms` milliseconds."""

    provider: str
    outcome: str
    ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of an answer that succeeded."""

    finish_reason: FinishReason
    usage: Usage
    attempts: tuple[Attempt, ...]


Event = Notice | Chosen | TextDelta | ReasoningDelta
