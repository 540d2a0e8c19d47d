"""How a run ends."""

from dataclasses import dataclass, field
from typing import Any

from apps.chat.models import State


@dataclass(frozen=True)
class Outcome:
    """`said` is the worker's own account (finish reason, usage); `problem` the document of what went wrong."""

    state: State
    said: dict[str, Any] = field(default_factory=dict)
    problem: dict[str, Any] | None = None
