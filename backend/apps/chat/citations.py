"""What the markers of an answer rest on: each `[n]` is checked once, against the passage that it names.

Where the answer quotes, the quote is looked for; else the sentences of the passage that bear the claim's words and
numbers. What is shown as a quote is cut from the page's own text, so it stands there word for word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.documents.passages import Passage
from apps.documents.passages.quotes import find_quote
from apps.documents.passages.terms import terms_of_question, terms_of_text

SOURCES_MAX = 200  # of an answer
SHOWN_WITHOUT_MARKS = 8
CLAIM_MAX_CHARS = 500
QUOTE_MIN_CHARS = 12  # shorter ones are words in quotation marks, not quotes
BORNE = 0.5  # share of a claim's words that must stand together in the passage
WINDOW_SENTENCES = 3
MARKERS = re.compile(r"(?:\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]\s*)+(?![(:])")
NUMBER = re.compile(r"\d{1,3}")
CODE = re.compile(r"^(```|~~~).*?(?:^\1|\Z)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)*_]*\s+|(?<=[。！？])|\n+")
QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|„([^“”]+)[“”]")
MARKUP = re.compile(r"[*_`#>]+|^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)
ELLIPSIS = re.compile(r"\s*(?:\[?(?:…|\.{3})\]?)\s*")


@dataclass(frozen=True)
class Claim:
    """A sentence of the answer, and the numbers that stand behind it."""

    text: str
    numbers: tuple[int, ...]


def sources_of(text: str, passages: Sequence[Passage], best: Sequence[int] = ()) -> list[dict[str, Any]]:
    """A part (see SourcePart) for each claim and passage that the answer marks.

    Where it marks none: the passages of the prompt, those of `best` (positions) first, as not cited.
    """
    sources: dict[tuple[int, str], dict[str, Any]] = {}
    for claim in claims_of(text):
        for n in claim.numbers:
            if len(sources) < SOURCES_MAX and (n, claim.text) not in sources:
                sources[n, claim.text] = _source(n, claim.text, passages)
    if sources or not passages:
        return list(sources.values())
    shown = (best or range(len(passages)))[:SHOWN_WITHOUT_MARKS]
    return [_part(at + 1, passages[at], 0, len(passages[at].text), cited=False) for at in shown]


def claims_of(text: str) -> Iterator[Claim]:
    """What stands before each group of markers, up to the sentence before; markers in code are none."""
    prose = CODE.sub(lambda match: " " * len(match.group()), text)
    for match in MARKERS.finditer(prose):
        before = MARKERS.sub(" ", text[: match.start()]).rstrip()
        ends = [end.end() for end in SENTENCE_END.finditer(before) if before[end.end() :].strip()]
        claim = MARKUP.sub("", before[ends[-1] if ends else 0 :]).strip()
        numbers = dict.fromkeys(int(n) for n in NUMBER.findall(match.group()))
        yield Claim(claim[-CLAIM_MAX_CHARS:], tuple(numbers))


def _source(n: int, claim: str, passages: Sequence[Passage]) -> dict[str, Any]:
    if not 1 <= n <= len(passages):
        return {
            **{"type": "source", "n": n, "document_id": None, "filename": "", "page": 0, "label": "", "quote": ""},
            **{"start": 0, "end": 0, "claim": claim, "verified": False, "cited": True},
        }
    passage = passages[n - 1]
    quoted = [quote for quote in _quoted(claim) if len(quote) >= QUOTE_MIN_CHARS]
    found = [find_quote(passage.text, piece) for quote in quoted for piece in ELLIPSIS.split(quote) if piece]
    if found and all(found):
        start, end = next(bounds for bounds in found if bounds)
        return _part(n, passage, start, end, claim=claim)
    start, end, share = _bearing(claim, passage.text)
    verified = not found and share >= BORNE and _numbers_stand(claim, passage.text)
    return _part(n, passage, start, end, claim=claim, verified=verified)


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


def _quoted(claim: str) -> list[str]:
    return [next(filter(None, match.groups())).strip() for match in QUOTED.finditer(claim)]


def _bearing(claim: str, text: str) -> tuple[int, int, float]:
    """The fewest sentences of the passage with the most of the claim's terms, and which share of them they have."""
    wanted = set(terms_of_question(claim))
    sentences = list(_sentences(text))
    best = (0, len(text), 0.0)
    if not wanted or not sentences:
        return best
    terms = [wanted.intersection(terms_of_text(text[start:end], "").split()) for start, end in sentences]
    for size in range(1, WINDOW_SENTENCES + 1):
        for first in range(len(sentences) - size + 1):
            share = len(set().union(*terms[first : first + size])) / len(wanted)
            if share > best[2]:
                best = (sentences[first][0], sentences[first + size - 1][1], share)
    return best


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*(match.end() for match in SENTENCE_END.finditer(text) if "\n" not in match.group()), len(text)]:
        if piece := text[start:end].strip():
            at = text.index(piece, start)
            yield at, at + len(piece)
        start = end


def _numbers_stand(claim: str, text: str) -> bool:
    """Whether each number of the claim stands in the text."""
    numbers = [term for term in terms_of_text(claim, "").split() if term.isdigit()]
    return set(numbers).issubset(terms_of_text(text, "").split())
