"""Passages by where they stand: those of pages that a question names, and a spread over all of a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest
from uuid import UUID

OPENING_PASSAGES = 3  # of each file, where nothing else says what matters: title, summary, introduction
PAGES_NAMED_MAX = 200
PAGE_REFERENCE = re.compile(
    r"\b(?:page|slide|section|sheet|p\.|pp\.)s?\s*(\d{1,5})(?:\s*(?:-|–|to|à)\s*(\d{1,5}))?", re.IGNORECASE
)


@dataclass(frozen=True)
class Place:
    """A passage without its text."""

    pk: int
    document_id: UUID
    page: int
    tokens: int


def pages_named(question: str) -> list[int]:
    """The numbers of the pages that a question names, at most PAGES_NAMED_MAX."""
    numbers: dict[int, None] = {}
    for match in PAGE_REFERENCE.finditer(question):
        first = int(match[1])
        numbers.update(dict.fromkeys(range(first, min(int(match[2] or first), first + PAGES_NAMED_MAX) + 1)))
    return list(numbers)[:PAGES_NAMED_MAX]


def without_pages(question: str) -> str:
    return PAGE_REFERENCE.sub(" ", question)


def spread(places: Sequence[Place]) -> list[int]:
    """The openings of all files, then passages of each in turn, at any length spread over the whole of it."""
    files: dict[UUID, list[Place]] = {}
    for place in places:
        files.setdefault(place.document_id, []).append(place)
    turns = zip_longest(*(_spread_of_file(of_file) for of_file in files.values()))
    return [place.pk for turn in turns for place in turn if place is not None]


def _spread_of_file(places: list[Place]) -> Iterator[Place]:
    opening = places[:OPENING_PASSAGES]
    rest = list(pairwise(places[OPENING_PASSAGES - 1 :]))
    # Headings stand at the top of pages, so tops come before what follows them.
    tops = [place for before, place in rest if place.page != before.page]
    others = [place for before, place in rest if place.page == before.page]
    return chain(opening, _halving(tops), _halving(others))


def _halving(items: list[Place]) -> Iterator[Place]:
    """The items in an order whose every beginning is spread over the whole: the middle, the quarters, the eighths …"""
    ranges = [(0, len(items))]
    for start, end in ranges:  # grows while it is read: a queue
        if start < end:
            middle = (start + end) // 2
            yield items[middle]
            ranges += [(start, middle), (middle + 1, end)]
