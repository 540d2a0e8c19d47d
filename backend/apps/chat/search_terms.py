"""What conversations are found by: the words of a text as they are written and their stems, both folded.

So half a word finds the whole one, and a word is found with another ending. What is typed is too short to tell its
language, so all words are stemmed by one rule, which need only be the same on both sides. Without the database.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from uuid import UUID

from apps.documents.passages.folding import accents_removed
from apps.documents.passages.terms import SHY, TERM_MAX_CHARS, WITHOUT_SPACES, WORD, terms_of_text
from apps.documents.passages.words import FUNCTION_WORDS

TITLE, TEXT = "t", "m"  # kinds of entries
KEY_DIGITS = 8
INDEXED_MAX_CHARS = 100_000  # of a text: an answer may have megabytes
TERMS_MAX_CHARS = 100_000  # of an entry, whose keys come to that: Postgres takes 1 MB
WANTED_MAX = 16  # terms of a query
BEGUN_MIN_CHARS = 2  # one letter begins half of all words
SNIPPET_CHARS, BEFORE_CHARS = 180, 50
MARKUP = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|>)|\*\*|`+|\||-{3,}", re.MULTILINE)
Mark = tuple[int, int]  # bounds in a text


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of `terms`, and a word that has the term `last` or begins with `begun`, if any is."""

    terms: tuple[str, ...]
    last: str
    begun: str

    def is_met_by(self, word: str) -> bool:
        """Whether this word is one that was looked for."""
        plain = _plain(word)[:TERM_MAX_CHARS]
        if self.begun and plain.startswith(self.begun):
            return True
        return any(term == self.last or term in self.terms for term in _forms(plain))


def key_of(user_id: UUID, *, kind: str) -> str:
    """What the index has before a term of this kind of this user's: so a search costs the same however many others
    there are. Two users may share one: it is no guard.
    """
    return kind + user_id.hex[:KEY_DIGITS]


def terms_of(text: str) -> str:
    """The terms of a text, each once, joined by spaces."""
    words = dict.fromkeys(WORD.findall(_plain(text[:INDEXED_MAX_CHARS])))
    joined = " ".join(dict.fromkeys(chain.from_iterable(map(_terms_of_word, words))))
    return joined if len(joined) <= TERMS_MAX_CHARS else joined[:TERMS_MAX_CHARS].rpartition(" ")[0]


def wanted_of(q: str) -> Wanted | None:
    """What a query looks for; None when it has no words. Those that say little count when there are no others."""
    words = WORD.findall(_plain(q))
    telling = [word for word in words if word not in FUNCTION_WORDS] or words
    terms = [term for word in telling for term in terms_of_text(word, "").split()][-WANTED_MAX:]
    if not terms:
        return None
    begun = telling[-1][:TERM_MAX_CHARS]
    if _is_unspaced(begun):
        begun = terms[-1]
    elif len(begun) < BEGUN_MIN_CHARS:
        begun = ""
    return Wanted(tuple(dict.fromkeys(terms[:-1])), terms[-1], begun)


def marks_of(text: str, wanted: Wanted) -> list[Mark]:
    """Where the words stand that were looked for, in order; neighbours without a gap are one mark."""
    marks: list[Mark] = []
    for start, end in sorted(chain(_spaced(text, wanted), _unspaced(text, wanted))):
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks


def snippet_of(text: str, wanted: Wanted) -> tuple[str, list[Mark]]:
    """A line of a message around the first word that was looked for, without markup, and the marks in it."""
    line = " ".join(MARKUP.sub(" ", text[:INDEXED_MAX_CHARS]).split())
    places = (next(marks, None) for marks in (_spaced(line, wanted), _unspaced(line, wanted)))
    first = min((mark[0] for mark in places if mark), default=0)
    start, end = 0, first + SNIPPET_CHARS - BEFORE_CHARS
    if first > BEFORE_CHARS:  # at a word's beginning, where there are spaces
        start = max(line.rfind(" ", 0, first - BEFORE_CHARS) + 1, first - 2 * BEFORE_CHARS)
    if end < len(line):
        space = line.rfind(" ", first + BEFORE_CHARS, end)
        end = space if space > 0 else end
    snippet = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
    return snippet, marks_of(snippet, wanted)


def _plain(text: str) -> str:
    return text.casefold() if text.isascii() else accents_removed(text.replace(SHY, "")).casefold()


def _terms_of_word(word: str) -> Sequence[str]:
    return terms_of_text(word, "").split() if _is_unspaced(word) else _forms(word[:TERM_MAX_CHARS])


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    """As it is written, and its stem."""
    return (word, *terms_of_text(word, "").split())


def _is_unspaced(word: str) -> bool:
    return not word.isascii() and bool(WITHOUT_SPACES.search(word))


def _spaced(text: str, wanted: Wanted) -> Iterator[Mark]:
    judged: dict[str, bool] = {}  # each word once, since a long text says most of its words often
    for match in WORD.finditer(text):
        word = match.group()
        if word not in judged:
            judged[word] = not _is_unspaced(word) and wanted.is_met_by(word)
        if judged[word]:
            yield match.span()


def _unspaced(text: str, wanted: Wanted) -> Iterator[Mark]:
    """Of scripts without spaces, whose terms are pairs of characters: each place of each term."""
    terms: Sequence[str] = [term for term in (*wanted.terms, wanted.last) if WITHOUT_SPACES.match(term)]
    if terms:
        any_of = "|".join(map(re.escape, terms))
        yield from ((match.start(), match.end(1)) for match in re.finditer(f"(?=({any_of}))", text))
