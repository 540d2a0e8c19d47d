"""Answers that cost something, begun and ended as a gateway does, for the tests of quotas."""

from collections.abc import Callable
from typing import Any

from apps.chat.models import State
from apps.chat.outcomes import Outcome
from apps.chat.schemas import ChatRequest
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.metering import Asked
from apps.chat.services.starting import Started, generation_start
from apps.core.access import Caller
from apps.core.errors import QuotaExceeded
from apps.core.sse import frame
from apps.usage.models import DailyUsage
from apps.usage.services.tariffs import Price, Tariff

OWNER = "host/machine/1/token"
HERE = "192.0.2.1"
FREE = Tariff(is_free=True, price=Price())
PAID = Tariff(is_free=False, price=Price())
MESSAGES = ({"role": "user", "content": "x" * 276},)  # 92 tokens, and 8 of the template
CHOSEN = frame("message-metadata", messageMetadata={"provider": "deepseek", "model": "chat"})


def start(caller: Caller, message: str = "Hello", *, tariff: Tariff = PAID, **fields: Any) -> Started:
    return generation_start(caller=caller, body=ChatRequest(message=message, **fields), owner=OWNER, tariff=tariff)


def stranger(address: str = HERE) -> Caller:
    """Who sends no cookie: each is a guest of its own."""
    return Caller(session_key=None, request_id="r", address=address)


def finish(started: Started, *, state: State = State.COMPLETE, asked: Asked | None = None, **attempt: int) -> None:
    """End it as a run does; with an `attempt`, by what the provider has said."""
    attempts = [{"provider": "deepseek", "model": "chat", **attempt}] if attempt else []
    said = {"finish_reason": "stop", "usage": {}, "attempts": attempts} if attempt else {}
    asked = asked or Asked(messages=MESSAGES, requests=1, granted_tokens=started.granted_tokens)
    told = generation_finish(
        RunKey(started.generation_id, 1, OWNER),
        outcome=Outcome(state, said=said),
        frames=[CHOSEN, frame("text-delta", id="answer", delta="y" * 30)],
        asked=asked,
    )
    assert told is not None


def day_of(subject: str) -> tuple[int, int]:
    row = DailyUsage.objects.get(subject=subject)
    return row.reserved_tokens, row.spent_tokens


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except QuotaExceeded as refused:
        return refused.code
    return ""
