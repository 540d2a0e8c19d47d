"""What the fake provider does with one request: defaults, overridden by a directive in the last user message.

A directive looks like `[[tokens=50 rate=50 first=0.1 fault=cut at=10]]`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

DIRECTIVE = re.compile(r"\[\[([^\[\]]*=[^\[\]]*)\]\]")
STATUS_FAULTS = frozenset({"401", "429", "500", "503"})
FAULTS = STATUS_FAULTS | {"hang", "stall", "cut", "garbage", "empty", "length", "filter"}


class DirectiveError(ValueError):
    """A directive that cannot be read; its text says which part."""


@dataclass(frozen=True, slots=True)
class Script:
    """The course of one answer.

    tokens: how many; rate: tokens per second, 0 for all at once; first: seconds before the first token;
    reasoning: tokens of thinking before the text; fault: one of FAULTS or none; at: tokens sent before the fault;
    retry_after: seconds in the header of a 429 or 503, below 0 for no header.
    """

    tokens: int = 50
    rate: float = 50.0
    first: float = 0.1
    reasoning: int = 0
    fault: str = ""
    at: int = 10
    retry_after: float = -1.0


def read_directive(messages: Sequence[Any], defaults: Script) -> tuple[str, Script]:
    """The directive's text ("" when there is none) and the script it makes of `defaults`. Raises: DirectiveError."""
    found = DIRECTIVE.findall(_last_user_text(messages))
    if not found:
        return "", defaults
    changes: dict[str, Any] = {}
    for part in found[-1].split():
        name, _, value = part.partition("=")
        changes[name] = _typed(name, value)
    return found[-1], replace(defaults, **changes)


def _typed(name: str, value: str) -> int | float | str:
    if name == "fault":
        if value not in FAULTS:
            raise DirectiveError(f"fault={value}: use one of {', '.join(sorted(FAULTS))}")
        return value
    kind: type[int] | type[float]
    match name:
        case "tokens" | "reasoning" | "at":
            kind = int
        case "rate" | "first" | "retry_after":
            kind = float
        case _:
            raise DirectiveError(f"{name} is no option of a directive")
    try:
        return kind(value)
    except ValueError as error:
        raise DirectiveError(f"{name}={value}: not a number") from error


def _last_user_text(messages: Sequence[Any]) -> str:
    for message in reversed(messages):
        if isinstance(message, dict) and message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, list):
                return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
            return str(content)
    return ""
