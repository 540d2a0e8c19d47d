"""As many of the right passages as a prompt has room for, and a sentence about what stayed out."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.tokens import tokens_estimate
from apps.documents.passages.cutting import Passage
from apps.documents.passages.ranking import Basis, ranked
from apps.documents.ranges import listed

PASSAGE_OVERHEAD_TOKENS = 8  # its number, brackets and line breaks in the prompt

BASES: dict[Basis, str] = {
    "pages": "they were chosen by the pages that it names",
    "words": "they were chosen by its words",
    "place": "they are the beginning and parts from all over the text",
}


@dataclass(frozen=True)
class Selection:
    """`passages` in reading order, of `total`; `note` is for student and model, empty when nothing was left out."""

    passages: tuple[Passage, ...]
    total: int
    left_out: int
    pages_left_out: int  # pages with text of which no passage was chosen
    note: str


def passage_tokens(passage: Passage) -> int:
    """What a passage takes of a prompt with the line that names it; an upper estimate."""
    return tokens_estimate(f"{passage.filename}, {passage.label}:\n{passage.text}") + PASSAGE_OVERHEAD_TOKENS


def passages_choose(*, passages: Sequence[Passage], question: str, budget_tokens: int) -> Selection:
    """All passages if they fit into the budget (see passage_tokens); else the best for the question that do.

    CPU-bound: about 10 ms per 1,000 passages, so call it in a thread.
    """
    costs = [passage_tokens(passage) for passage in passages]
    if sum(costs) <= max(budget_tokens, 0):
        return Selection(tuple(passages), len(passages), 0, 0, "")
    chosen: set[int] = set()
    basis, positions = ranked(passages, question)
    for position in positions:
        if costs[position] <= budget_tokens:
            budget_tokens -= costs[position]
            chosen.add(position)
    left_out = _pages_left_out(passages, chosen)
    return Selection(
        passages=tuple(passages[position] for position in sorted(chosen)),
        total=len(passages),
        left_out=len(passages) - len(chosen),
        pages_left_out=sum(len(numbers) for numbers in left_out.values()),
        note=_note(len(chosen), len(passages), basis, left_out),
    )


Pages = dict[tuple[str, str], list[int]]  # numbers by (filename, unit)


def _pages_left_out(passages: Sequence[Passage], chosen: set[int]) -> Pages:
    shown = {(passages[position].document_id, passages[position].page) for position in chosen}
    left_out: dict[tuple[object, int], Passage] = {}
    for passage in passages:
        if (passage.document_id, passage.page) not in shown:
            left_out.setdefault((passage.document_id, passage.page), passage)
    pages: Pages = {}
    for passage in left_out.values():
        unit = passage.label.partition(" ")[0]  # "page 3": page
        pages.setdefault((passage.filename, unit), []).append(passage.page)
    return pages


def _note(chosen: int, total: int, basis: Basis, left_out: Pages) -> str:
    what = f"{chosen:,} of {total:,} passages of the files fit into this question"
    how = f"; {BASES[basis]}." if chosen else "."
    pages = "; ".join(f"{listed(unit, numbers)} of {filename}" for (filename, unit), numbers in left_out.items())
    return what + how + (f" Not included: {pages}." if pages else "")
