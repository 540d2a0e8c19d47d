"""The receipt is right whatever the worker said, and whatever the clock did."""

from datetime import UTC, datetime, timedelta
from typing import Any

from apps.chat.models import State
from apps.chat.outcomes import Outcome
from apps.chat.receipts import TRIES_KEPT, receipt_of
from apps.chat.schemas import Receipt

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def attempt(number: int) -> dict[str, Any]:
    told = {"provider": "local", "model": "m", "outcome": "timeout", "ms": number, "first_token_ms": None}
    return {**told, "input_tokens": 3, "output_tokens": 0}


def receipt(outcome: Outcome, *, first_s: float | None = 0.5, end_s: float = 2.0) -> Receipt:
    first = None if first_s is None else NOON + timedelta(seconds=first_s)
    end = NOON + timedelta(seconds=end_s)
    return Receipt.model_validate(receipt_of(outcome, asked_at=NOON, first_token_at=first, ended_at=end))


def test_of_many_tries_the_last_ones_are_kept_in_order() -> None:
    kept = receipt(Outcome(State.COMPLETE, said={"attempts": [attempt(number) for number in range(50)]}))
    assert [each.ms for each in kept.tries] == list(range(50 - TRIES_KEPT, 50))
    assert (kept.first_token_ms, kept.total_ms) == (500, 2_000)


def test_a_try_that_is_not_told_whole_is_left_out() -> None:
    kept = receipt(Outcome(State.COMPLETE, said={"attempts": [{"provider": "local"}, attempt(7)]}))
    assert [each.ms for each in kept.tries] == [7]


def test_of_an_answer_without_a_word_the_time_is_told() -> None:
    assert receipt(Outcome(State.STOPPED), first_s=None) == Receipt(first_token_ms=None, total_ms=2_000, tries=[])


def test_a_clock_that_was_set_back_makes_no_time_negative() -> None:
    assert receipt(Outcome(State.STOPPED), first_s=-3, end_s=-1) == Receipt(first_token_ms=0, total_ms=0, tries=[])
