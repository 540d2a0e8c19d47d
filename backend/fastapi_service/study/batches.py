"""Deals a long text out to several requests, so that each fits its model and all of the text is read."""

from collections.abc import Iterable, Iterator

from fastapi_service.orchestration.fitting import tokens_estimate
from fastapi_service.study.items import Source

PASSAGES_SHARE = 0.6  # of a prompt's budget; the rest is for rules, earlier questions and a repair
BATCH_MAX_TOKENS = 12_000  # models skip the middle of longer texts
PART_MIN_TOKENS = 100

Batch = tuple[tuple[str, str], ...]


def batches(sources: Iterable[Source], *, prompt_budget_tokens: int) -> list[Batch]:
    """Groups of passages as (id, text) in their order; a passage that is too long is cut between words."""
    room = max(PART_MIN_TOKENS, min(BATCH_MAX_TOKENS, int(prompt_budget_tokens * PASSAGES_SHARE)))
    dealt: list[Batch] = []
    batch: list[tuple[str, str]] = []
    left = room
    for source in sources:
        for part in _parts(source.text, room):
            cost = tokens_estimate(part)
            if cost > left and batch:
                dealt.append(tuple(batch))
                batch, left = [], room
            batch.append((source.id, part))
            left -= cost
    return [*dealt, tuple(batch)] if batch else dealt


def _parts(text: str, room_tokens: int) -> Iterator[str]:
    while tokens_estimate(text) > room_tokens:
        end = room_tokens  # a token has at least one character: this much fits, or is cut further
        while tokens_estimate(text[: end + room_tokens // 4 + 1]) <= room_tokens:
            end += room_tokens // 4 + 1
        while tokens_estimate(text[:end]) > room_tokens:
            end = end * 3 // 4
        cut = max(text.rfind("\n\n", end // 2, end), text.rfind(". ", end // 2, end) + 1)
        cut = cut if cut > 0 else max(text.rfind(" ", end // 2, end), 0) or end
        yield text[:cut]
        text = text[cut:]
    if text.strip():
        yield text
