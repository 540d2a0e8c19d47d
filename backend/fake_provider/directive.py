"""What the fake provider does with one request: defaults, overridden by a directive in the prompt.

A directive looks like `[[tokens=50 rate=50 first=0.1 fault=cut at=10]]`. An option that begins with a provider's name
counts for that provider alone, and more than one for all: `[[tokens=9 azure_openai.fault=cut azure_openai.at=5]]`.
`fault` and `answer` may be lists with one entry per request with the same prompt to the same provider, the last of
which holds for all further ones: `[[fault=503,cut@5,none]]` fails, breaks off after 5 tokens, and then answers.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fake_provider.wires.base import ErrorKind

DIRECTIVE = re.compile(r"\[\[([^\[\]]*=[^\[\]]*)\]\]")
PROVIDERS = ("local", "azure_openai", "deepseek", "gemini", "huggingface")
NO_FAULT = "none"
STATUSES: tuple[ErrorKind, ...] = ("400", "401", "404", "429", "500", "503")
# Answered by a status and a body of that wire's own; the value is the kind of error.
STATUS_FAULTS: Mapping[str, ErrorKind] = {
    **{status: status for status in STATUSES},
    "badrequest": "400",
    "context": "context",
}
SILENT_FAULTS = frozenset({"refuse", "hang"})  # not one byte of an answer
# After `at` tokens of text.
LATE_FAULTS = frozenset({"stall", "cut", "utf8", "garbage", "error", "longline", "filter"})
END_FAULTS = frozenset({"empty", "length"})
FAULTS = frozenset(STATUS_FAULTS) | SILENT_FAULTS | LATE_FAULTS | END_FAULTS
INTEGERS = frozenset({"tokens", "reasoning", "at", "overlap"})
NUMBERS = frozenset({"rate", "first", "retry_after"})

Changes = dict[str, Any]  # Any: values of Script's fields, by name


class DirectiveError(ValueError):
    """A directive that cannot be read; its text says which part."""


@dataclass(frozen=True, slots=True)
class Script:
    """The course of one answer.

    tokens: how many, with those that a continued answer has already; rate: tokens per second, 0 for all at once;
    first: seconds before the first token; reasoning: tokens of thinking before the text; fault: one of FAULTS or none;
    at: tokens of this request before the fault; retry_after: seconds told with a 429 or 503, below 0 for untold;
    overlap: tokens that an answer repeats when it is asked in words to go on; answer: a text in place of tokens.
    """

    tokens: int = 50
    rate: float = 50.0
    first: float = 0.1
    reasoning: int = 0
    fault: str = ""
    at: int = 10
    retry_after: float = -1.0
    overlap: int = 0
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as read: per provider ("" for all) and option, the changes for the first request, the second, …"""

    text: str
    options: Mapping[str, Mapping[str, tuple[Changes, ...]]]

    @property
    def differs_by_request(self) -> bool:
        return any(len(steps) > 1 for options in self.options.values() for steps in options.values())

    def script(self, defaults: Script, *, provider: str, number: int) -> Script:
        """The course of request `number` (from 0) to `provider`."""
        options = {**self.options.get("", {}), **self.options.get(provider, {})}
        changes: Changes = {}
        # A fault may bring an `at` of its own, which counts more than the option.
        for name in sorted(options, key=lambda name: name == "fault"):
            steps = options[name]
            changes.update(steps[min(number, len(steps) - 1)])
        return replace(defaults, **changes)


def find_directive(text: str) -> str:
    """The text of the last directive in `text`, "" when there is none."""
    found = DIRECTIVE.findall(text)
    return str(found[-1]) if found else ""


def read_directive(text: str) -> Directive:
    """Read what stands between the brackets. Raises: DirectiveError."""
    options: dict[str, dict[str, tuple[Changes, ...]]] = {}
    for part in text.split():
        name, _, value = part.partition("=")
        provider, _, option = name.rpartition(".")
        if provider and provider not in PROVIDERS:
            raise DirectiveError(f"{name}: use one of {', '.join(PROVIDERS)}")
        options.setdefault(provider, {})[option] = _steps(option, value)
    return Directive(text, options)


def _steps(option: str, value: str) -> tuple[Changes, ...]:
    if option == "fault":
        return tuple(_fault(entry) for entry in value.split(","))
    if option == "answer":
        return tuple({"answer": _decoded(entry)} for entry in value.split(","))
    if option in INTEGERS:
        return ({option: _number(int, option, value)},)
    if option in NUMBERS:
        return ({option: _number(float, option, value)},)
    raise DirectiveError(f"{option} is no option of a directive")


def _fault(entry: str) -> Changes:
    fault, _, at = entry.partition("@")
    if fault not in FAULTS and fault != NO_FAULT:
        raise DirectiveError(f"fault={fault}: use {NO_FAULT} or one of {', '.join(sorted(FAULTS))}")
    changes: Changes = {"fault": "" if fault == NO_FAULT else fault}
    return {**changes, "at": _number(int, "at", at)} if at else changes


def _number(kind: type[int] | type[float], option: str, value: str) -> int | float:
    try:
        return kind(value)
    except ValueError as error:
        raise DirectiveError(f"{option}={value}: not a number") from error


def _decoded(entry: str) -> str:
    try:
        # Padding may be left out.
        return base64.urlsafe_b64decode(entry + "=" * (-len(entry) % 4)).decode()
    except ValueError as error:
        raise DirectiveError(f"answer={entry}: not a text in base64url") from error


def answer_option(*texts: str) -> str:
    """The option that makes these texts the answers: the first request's, the second's, …"""
    return "answer=" + ",".join(base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in texts)
