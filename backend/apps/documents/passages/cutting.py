"""Pieces of pages that fit into a prompt and can be quoted: each stands word for word in its page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

PASSAGE_WORDS = 120  # a passage ends at the first end of a paragraph from here on,
PASSAGE_MAX_WORDS = 180  # at the last end of a sentence before this,
TAIL_WORDS = 40  # and what is left of a page joins the passage before when it is shorter than this
BYTES_PER_WORD = 8  # more than the 6 of English, so it counts where a script, a table or a formula has few spaces
TOKEN = re.compile(r"\S{1,240}")
# The end of a paragraph (a blank line), or of a sentence: its stop, closing quotes and the space after it.
PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])|\n[ \t]*\n\s*")


@dataclass(frozen=True)
class SourcePage:
    """A page as stored, with what is needed to cite it."""

    document_id: UUID
    filename: str
    number: int
    label: str
    text: str


@dataclass(frozen=True)
class Passage:
    """`text` is exactly `page.text[start:end]` of page `page`, without space at its ends."""

    document_id: UUID
    filename: str
    page: int
    label: str
    text: str
    start: int
    end: int


def passages_of(pages: Iterable[SourcePage]) -> list[Passage]:
    """Cut pages into passages in reading order. All characters but space are in exactly one passage of their page."""
    return [
        Passage(page.document_id, page.filename, page.number, page.label, page.text[start:end], start, end)
        for page in pages
        for start, end in _spans(page.text)
    ]


@dataclass
class Piece:
    """A sentence, or a part of one that is too long for a passage; bounds without space."""

    start: int
    end: int
    words: int
    ends_paragraph: bool


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The bounds of the passages of one page."""
    spans: list[Piece] = []
    for piece in pieces_of(text):
        last = spans[-1] if spans else None
        if last is None or _is_full(last, piece):
            spans.append(piece)
        else:
            spans[-1] = Piece(last.start, piece.end, last.words + piece.words, piece.ends_paragraph)
    if len(spans) > 1 and spans[-1].words < TAIL_WORDS:
        tail = spans.pop()
        spans[-1].end = tail.end
    return ((span.start, span.end) for span in spans)


def _is_full(span: Piece, following: Piece) -> bool:
    return (span.ends_paragraph and span.words >= PASSAGE_WORDS) or span.words + following.words > PASSAGE_MAX_WORDS


def pieces_of(text: str) -> Iterator[Piece]:
    """Sentences, trimmed of space; one that is too long for a passage comes in several pieces."""
    start = 0
    for match in SENTENCE_END.finditer(text):
        yield from _bounded_pieces(text, start, match.end(), PARAGRAPH_END.search(match.group()) is not None)
        start = match.end()
    yield from _bounded_pieces(text, start, len(text), True)


def _bounded_pieces(text: str, start: int, end: int, ends_paragraph: bool) -> Iterator[Piece]:
    words = words_estimate(text[start:end])
    if words <= PASSAGE_MAX_WORDS:
        if trimmed := text[start:end].strip():
            first = text.index(trimmed, start)
            yield Piece(first, first + len(trimmed), words, ends_paragraph)
        return
    piece: Piece | None = None
    for token in TOKEN.finditer(text, start, end):
        words = words_estimate(token.group())
        if piece is None:
            piece = Piece(*token.span(), words, False)
        else:
            piece = Piece(piece.start, token.end(), piece.words + words, False)
        if piece.words >= PASSAGE_WORDS:
            yield piece
            piece = None
    if piece is not None:
        yield piece


def words_estimate(text: str) -> int:
    """Words by spaces, or by length where there are few spaces."""
    return max(len(text.split()), len(text.encode(errors="replace")) // BYTES_PER_WORD)
