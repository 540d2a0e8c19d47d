"""The providers' own log of a round, prompt by prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chaos.recovery import Request
from fake_provider.conversation import text_of
from fake_provider.testing import FakeProcess


@dataclass(frozen=True)
class Asked:
    """One request of a prompt; `begun`: what it was to go on from, "" for nothing. Times in s since the epoch."""

    prompt: str
    begun: str
    tokens_sent: int
    started_at: float
    first_token_at: float | None
    closed_at: float | None

    @property
    def timing(self) -> Request:
        return Request(self.started_at, self.first_token_at)


def asked(providers: Sequence[FakeProcess], *, prefix: str) -> list[Asked]:
    """All requests of prompts with names of this prefix, in the order in which they came."""
    found = [_read(entry) for provider in providers for entry in provider.log()]
    return sorted((each for each in found if each.prompt.startswith(prefix)), key=lambda each: each.started_at)


def _read(entry: dict[str, Any]) -> Asked:
    """Any: JSON of the fake provider's `Entry`. A prompt begins with its name."""
    said = [(message["role"], text_of(message["content"])) for message in entry["messages"]]
    prompt = next((text for role, text in said if role == "user"), "")
    return Asked(
        prompt=prompt.partition(" ")[0],
        begun="".join(text for role, text in said if role == "assistant"),
        tokens_sent=entry["tokens_sent"],
        started_at=entry["started_at"],
        first_token_at=entry["first_token_at"],
        closed_at=entry["closed_at"],
    )
