"""What is done when a provider fails: the one table that says which errors move on and which return to the caller."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    BrokenStream,
    CircuitOpen,
    ContentFiltered,
    ContextTooLong,
    DeadlinePassed,
    ModelNotFound,
    NothingToAdd,
    ProviderError,
    ProviderOverloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    SchemaBroken,
    Unsupported,
)

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 4.0
# Who is asked to wait longer than this is told so, or answered by another; nobody stares at a page for it.
RETRY_AFTER_PATIENCE_SECONDS = 5


class Step(Enum):
    """Where a request goes from a provider that failed."""

    SAME = auto()  # the same one after a pause; once something is written, like OTHERS
    OTHERS = auto()  # the others, and this one again where there is no other
    ONLY_OTHERS = auto()  # this one is of no use to this request any more
    LARGER = auto()  # those that can read more
    RETURN = auto()  # nobody else would do better: the caller is told


@dataclass(frozen=True, slots=True)
class Rule:
    """`counts`: it is the provider's fault, and a step towards its circuit being opened."""

    step: Step
    counts: bool


RULES: Mapping[type[ProviderError], Rule] = {
    BadRequest: Rule(Step.RETURN, counts=False),
    ContentFiltered: Rule(Step.RETURN, counts=False),
    ContextTooLong: Rule(Step.LARGER, counts=False),
    AuthFailed: Rule(Step.ONLY_OTHERS, counts=True),
    ModelNotFound: Rule(Step.ONLY_OTHERS, counts=False),
    Unsupported: Rule(Step.ONLY_OTHERS, counts=False),
    CircuitOpen: Rule(Step.ONLY_OTHERS, counts=False),
    RateLimited: Rule(Step.SAME, counts=False),
    ProviderOverloaded: Rule(Step.SAME, counts=True),
    DeadlinePassed: Rule(Step.RETURN, counts=False),
    ProviderTimeout: Rule(Step.OTHERS, counts=True),
    BrokenStream: Rule(Step.SAME, counts=True),
    NothingToAdd: Rule(Step.OTHERS, counts=False),
    SchemaBroken: Rule(Step.OTHERS, counts=False),
    ProviderUnavailable: Rule(Step.SAME, counts=True),
    ProviderError: Rule(Step.RETURN, counts=False),
}


def rule_for(error: ProviderError) -> Rule:
    """The rule of the error's class, or of the nearest class above it."""
    return next(RULES[kind] for kind in type(error).__mro__ if kind in RULES)


def too_long_to_wait(error: ProviderError) -> bool:
    """Whether the provider asks for more patience than anybody has."""
    return (error.retry_after_s or 0) > RETRY_AFTER_PATIENCE_SECONDS


def pause_s(error: ProviderError, *, failures: int, rng: random.Random) -> float:
    """Seconds before the same provider is asked again: what it said, else full jitter under a doubling bound.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    bound = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1))
    # Those who were told the same moment should not all come back at it.
    return (error.retry_after_s or 0) + rng.uniform(0, bound)
