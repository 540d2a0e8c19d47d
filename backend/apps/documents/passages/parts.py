"""The parts of a passage that get a vector each: a small model blurs a passage on several things into none of them."""

from apps.documents.passages.cutting import Piece, pieces_of

PART_WORDS = 40  # a part ends with the first sentence that brings it to so many; measured, see docs/retrieval.md
PARTS_MAX = 8  # of a passage


def parts_of(text: str) -> list[str]:
    """Whole sentences together, in order, that hold all of the text; at least one, at most PARTS_MAX."""
    parts: list[list[Piece]] = []
    for piece in pieces_of(text):
        if parts and (_words(parts[-1]) < PART_WORDS or len(parts) == PARTS_MAX):
            parts[-1].append(piece)
        else:
            parts.append([piece])
    if len(parts) > 1 and _words(parts[-1]) < PART_WORDS / 2:
        last = parts.pop()
        parts[-1] += last
    return [text[part[0].start : part[-1].end] for part in parts] or [text]


def _words(pieces: list[Piece]) -> int:
    return sum(piece.words for piece in pieces)
