"""What the markers of an answer rest on: each `[n]` is checked once, against the passage that it names.

Where the answer quotes, the quote is looked for; else the sentences of the passage that bear the claim's words and
numbers. What is shown as a quote is cut from the page's own text, so it stands there word for word.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from apps.documents.passages import Passage
from apps.documents.passages.quotes import find_quote
from apps.documents.passages.terms import terms_of_question, terms_of_text

SOURCES_MAX = 200  # of an answer
SHOWN_WITHOUT_MARKS = 8
CLAIM_MAX_CHARS = 500
LOOK_BACK_CHARS = 2_000  # for the beginning of a claim, with what it quotes
QUOTE_MIN_CHARS = 12  # shorter ones are words in quotation marks, not quotes
BORNE = 0.55  # share of a claim's words that must stand together in the passage; measured, see docs/retrieval.md
WINDOW_SENTENCES = 3
# What the UI shows as a mark, see frontend/src/components/markdown/grammar.ts: it takes the k-th for the k-th part.
MARKERS = re.compile(r"(?:(?<!\\)\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\](?!\()\s*)+")
NUMBER = re.compile(r"\d{1,3}")
NO_PROSE = re.compile(  # code, formulas, and the addresses of links; bounded as below
    r"^(```|~~~).*?(?:^\1|\Z)|`[^`\n]+`"
    r"|\$\$.{1,600}?\$\$|\\\(.{1,600}?\\\)|\\\[.{1,600}?\\\]|\$(?![\s$])(?:\\.|[^$\\\n]){0,600}?[^\s\\$]\$(?!\d)"
    r"|^ {0,3}\[[^\]\n]{1,600}\]:[ \t]*\S+[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)*_]*\s+|(?<=[。！？])|\n+")
# Bounded, so that marks which nothing closes cost no more than that each.
QUOTED = re.compile(r"“([^”]{1,600})”|\"([^\"]{1,600})\"|«([^»]{1,600})»|„([^“”]{1,600})[“”]")
MARKUP = re.compile(r"[*_`#>]+|^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)
EMPHASIS = re.compile(r"\*+|`+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.{3})\]?)\s*")


@dataclass(frozen=True)
class Claim:
    """A sentence of the answer without its markup, the numbers that stand behind it, and what it quotes."""

    text: str
    numbers: tuple[int, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """Its bounds in a passage, and its terms."""

    start: int
    end: int
    terms: frozenset[str]


def sources_of(text: str, passages: Sequence[Passage], best: Sequence[int] = ()) -> list[dict[str, Any]]:
    """A part (see SourcePart) for each mark of the answer, in its order, at most SOURCES_MAX.

    Where it marks none: the passages of the prompt, those of `best` (positions) first, as not cited.
    """
    sentences: dict[int, list[Sentence]] = {}  # of each passage that is cited
    marks = ((n, claim) for claim in claims_of(text) for n in claim.numbers)
    sources = [_source(n, claim, passages, sentences) for n, claim in islice(marks, SOURCES_MAX)]
    if sources or not passages:
        return sources
    shown = (best or range(len(passages)))[:SHOWN_WITHOUT_MARKS]
    return [_part(at + 1, passages[at], 0, len(passages[at].text), cited=False) for at in shown]


def is_cited(source: Mapping[str, Any]) -> bool:
    """Of such a part: whether a mark names it. Those of before there were others do not say so. Any: JSON."""
    return bool(source.get("cited", True))


def markers_replaced(text: str, name: Callable[[int], str | None]) -> str:
    """The text with each number of a marker, the k-th from 0, as `name(k)` has it; a marker with None stays."""
    prose, pieces, at, k = _prose(text), list[str](), 0, 0
    for match in MARKERS.finditer(prose):
        names = [name(k + n) for n in range(len(NUMBER.findall(match.group())))]
        k += len(names)
        if None not in names:
            pieces += [text[at : match.start()], *filter(None, names)]
            at = match.end() - len(match.group()) + len(match.group().rstrip())
    return "".join([*pieces, text[at:]])


def claims_of(text: str) -> Iterator[Claim]:
    """What stands before each group of markers, up to the sentence before; markers in code and formulas are none."""
    prose = _prose(text)
    ends = _sentence_ends(prose)
    for match in MARKERS.finditer(prose):
        piece = _without_marks(text, prose, _beginning(text, ends, match.start()), match.start())
        numbers = tuple(int(n) for n in NUMBER.findall(match.group()))
        yield Claim(MARKUP.sub("", piece).strip()[-CLAIM_MAX_CHARS:], numbers, tuple(_quoted(piece)))


def _prose(text: str) -> str:
    """As long as the text, with nothing in code and formulas that could be a marker."""
    return NO_PROSE.sub(lambda match: "x" * len(match.group()), text)


def _without_marks(text: str, prose: str, start: int, end: int) -> str:
    pieces = []
    for match in MARKERS.finditer(prose, start, end):
        pieces.append(text[start : match.start()])
        start = match.end()
    return " ".join([*pieces, text[start:end]]).strip()


def _sentence_ends(prose: str) -> list[int]:
    """Where sentences begin anew; what is quoted is part of the sentence around it."""
    quoted = [match.span() for match in QUOTED.finditer(prose) if "\n\n" not in match.group()]
    ends: list[int] = []
    at = 0
    for match in SENTENCE_END.finditer(prose):
        while at < len(quoted) and quoted[at][1] <= match.start():
            at += 1
        if at == len(quoted) or match.start() < quoted[at][0] or match.end() > quoted[at][1]:
            ends.append(match.end())
    return ends


def _beginning(text: str, ends: Sequence[int], marker: int) -> int:
    """Where the last sentence before the marker begins that says anything."""
    earliest = max(0, marker - LOOK_BACK_CHARS)
    for at in range(bisect_right(ends, marker) - 1, -1, -1):
        if ends[at] < earliest:
            break
        if MARKERS.sub("", text[ends[at] : marker]).strip():
            return ends[at]
    return earliest


def _source(n: int, claim: Claim, passages: Sequence[Passage], sentences: dict[int, list[Sentence]]) -> dict[str, Any]:
    """`sentences` keeps those of a passage for the next claim on it."""
    if not 1 <= n <= len(passages):
        return {
            **{"type": "source", "n": n, "document_id": None, "filename": "", "page": 0, "label": "", "quote": ""},
            **{"start": 0, "end": 0, "claim": claim.text, "verified": False, "cited": True},
        }
    passage = passages[n - 1]
    found = [_place(passage.text, piece) for quote in claim.quotes for piece in ELLIPSIS.split(quote) if piece]
    if found and all(found):
        start, end = next(bounds for bounds in found if bounds)
        return _part(n, passage, start, end, claim=claim.text)
    if n not in sentences:
        sentences[n] = list(_sentences(passage.text))
    start, end, share = _bearing(claim.text, passage.text, sentences[n])
    verified = not found and share >= BORNE and _numbers_stand(claim.text, sentences[n])
    return _part(n, passage, start, end, claim=claim.text, verified=verified)


def _place(text: str, quote: str) -> tuple[int, int] | None:
    """Where the quote stands as it is written, or without what the answer has set it in."""
    return find_quote(text, quote) or find_quote(text, EMPHASIS.sub("", quote))


def _part(
    n: int, passage: Passage, start: int, end: int, *, claim: str = "", verified: bool = True, cited: bool = True
) -> dict[str, Any]:
    """`start` and `end` in the passage."""
    return {
        "type": "source",
        "n": n,
        "document_id": str(passage.document_id),
        "filename": passage.filename,
        "page": passage.page,
        "label": passage.label,
        "quote": passage.text[start:end],
        "start": passage.start + start,
        "end": passage.start + end,
        "claim": claim,
        "verified": verified,
        "cited": cited,
    }


def _quoted(piece: str) -> Iterator[str]:
    for match in QUOTED.finditer(piece):
        quote = next(filter(None, match.groups())).strip()
        if len(quote) >= QUOTE_MIN_CHARS:
            yield quote


def _bearing(claim: str, text: str, sentences: Sequence[Sentence]) -> tuple[int, int, float]:
    """The fewest sentences of the passage with the most of the claim's terms, and which share of them they have."""
    wanted = set(terms_of_question(claim))
    best = (0, len(text), 0.0)
    if not wanted or not sentences:
        return best
    terms = [sentence.terms & wanted for sentence in sentences]
    for size in range(1, WINDOW_SENTENCES + 1):
        for first in range(len(sentences) - size + 1):
            share = len(set().union(*terms[first : first + size])) / len(wanted)
            if share > best[2]:
                best = (sentences[first].start, sentences[first + size - 1].end, share)
    return best


def _sentences(text: str) -> Iterator[Sentence]:
    start = 0
    for end in [*(match.end() for match in SENTENCE_END.finditer(text) if "\n" not in match.group()), len(text)]:
        if piece := text[start:end].strip():
            at = text.index(piece, start)
            yield Sentence(at, at + len(piece), frozenset(terms_of_text(piece, "").split()))
        start = end


def _numbers_stand(claim: str, sentences: Sequence[Sentence]) -> bool:
    """Whether each word of the claim that has a digit stands in the passage."""
    numbers = {term for term in terms_of_text(claim, "").split() if any(map(str.isdigit, term))}
    return numbers.issubset(set().union(*(sentence.terms for sentence in sentences)))
