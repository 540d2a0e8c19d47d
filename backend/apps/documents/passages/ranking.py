"""Which passages a question is about: by the pages it names, by its words (BM25), or by their place in the file."""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, zip_longest
from typing import Literal

from apps.documents.passages.cutting import Passage
from apps.documents.passages.words import FUNCTION_WORDS, REQUEST_WORDS

MAX_TERMS = 64  # of a question; a pasted essay would make a slow query
OPENING_PASSAGES = 3  # of each file, where nothing else says what matters: title, summary, introduction
WORD = re.compile(r"[^\W_]+")
PAGE_REFERENCE = re.compile(
    r"\b(?:page|slide|section|p\.|pp\.)s?\s*(\d{1,5})(?:\s*(?:-|–|to|à)\s*(\d{1,5}))?", re.IGNORECASE
)
HYPHENATED = re.compile(r"[-\u00ad]\n\s*(?=[a-zß-ÿ])")


Basis = Literal["pages", "words", "place"]


def ranked(passages: Sequence[Passage], question: str) -> tuple[Basis, list[int]]:
    """Positions in `passages`, best first: of pages that the question names, then of those with its words.

    Without either, the beginnings of the files and passages that are spread evenly over the rest.
    """
    named = _of_named_pages(passages, question)
    found = _with_words(passages, terms_of(PAGE_REFERENCE.sub("", question)))
    if named:
        return "pages", list(dict.fromkeys(chain(named, found)))
    return ("words", found) if found else ("place", _spread(passages))


def terms_of(question: str) -> list[str]:
    """The words of a question that can tell one passage from another, each once; none when it asks for the whole."""
    words = (match.group() for match in WORD.finditer(_searchable(question).casefold()))
    terms = list(dict.fromkeys(word for word in words if word not in FUNCTION_WORDS))[:MAX_TERMS]
    return [] if REQUEST_WORDS.issuperset(terms) else terms


def _of_named_pages(passages: Sequence[Passage], question: str) -> list[int]:
    numbers: set[int] = set()
    for match in PAGE_REFERENCE.finditer(question):
        first = int(match[1])
        numbers.update(range(first, int(match[2] or first) + 1))
    return [position for position, passage in enumerate(passages) if passage.page in numbers]


def _with_words(passages: Sequence[Passage], terms: Sequence[str]) -> list[int]:
    """Positions of the passages with any of `terms`, by BM25 of an index in memory."""
    if not terms:
        return []
    # As strings in quotes: a question may hold FTS5's own words and signs.
    query = " OR ".join(f'"{term}"' for term in terms)
    with closing(sqlite3.connect(":memory:")) as index:
        index.execute("CREATE VIRTUAL TABLE passage USING fts5 (text, tokenize='porter unicode61 remove_diacritics 2')")
        rows = enumerate(_searchable(passage.text) for passage in passages)
        index.executemany("INSERT INTO passage (rowid, text) VALUES (?, ?)", rows)
        found = index.execute("SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank, rowid", (query,))
        return [position for (position,) in found]


def _searchable(text: str) -> str:
    """As one would type it: ligatures as letters, words joined that a line end broke. For the index, never a quote."""
    joined = HYPHENATED.sub("", text).encode(errors="replace").decode()
    return unicodedata.normalize("NFKC", joined)


def _spread(passages: Sequence[Passage]) -> list[int]:
    """The openings of all files, then passages of each in turn, at any length spread over the whole of it."""
    files: dict[object, list[int]] = {}
    for position, passage in enumerate(passages):
        files.setdefault(passage.document_id, []).append(position)
    turns = zip_longest(*(_spread_of_file(passages, positions) for positions in files.values()))
    return [position for turn in turns for position in turn if position is not None]


def _spread_of_file(passages: Sequence[Passage], positions: list[int]) -> Iterator[int]:
    opening, rest = positions[:OPENING_PASSAGES], positions[OPENING_PASSAGES:]
    # Headings stand at the top of pages, so tops come before what follows them.
    tops = [position for position in rest if passages[position].page != passages[position - 1].page]
    seen = set(tops)
    return chain(opening, _halving(tops), _halving([position for position in rest if position not in seen]))


def _halving(items: list[int]) -> Iterator[int]:
    """The items in an order whose every beginning is spread over the whole: the middle, the quarters, the eighths …"""
    ranges = [(0, len(items))]
    for start, end in ranges:  # grows while it is read: a queue
        if start < end:
            middle = (start + end) // 2
            yield items[middle]
            ranges += [(start, middle), (middle + 1, end)]
