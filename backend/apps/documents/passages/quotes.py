"""Where a quote stands in a text, however spaces, hyphens, ligatures, quote marks and dashes came to differ."""

import re
from collections.abc import Iterator

from apps.documents.passages.folding import ACCENT, DASHES, LONE_ACCENTS, UNSPACED, character_folded

_DASH = re.compile(f"[{DASHES}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """The bounds of the first place in `text` where `quote` stands as whole words; None when there is none.

    Case, accents, apostrophes, spaces and the hyphens of words count for nothing; between two digits the last three do.
    """
    folded, positions = _folded(text)
    wanted, _ = _folded(quote)
    if not wanted:
        return None
    at = folded.find(wanted)
    while at >= 0:
        start, end = positions[at], _with_accents(text, positions[at + len(wanted) - 1] + 1)
        if _is_between_words(text, start) and _is_between_words(text, end):
            return start, end
        at = folded.find(wanted, at + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """What of the text counts, and for each of its characters the position in the text."""
    characters: list[str] = []
    positions: list[int] = []
    for character, position in _counting(text):
        characters.append(character)
        positions.append(position)
    return "".join(characters), positions


def _counting(text: str) -> Iterator[tuple[str, int]]:
    last, gap = "", ""  # what counted last, and the space or dash since
    for position, character in enumerate(text):
        if character.isspace():
            gap = gap or " "
            continue
        if _DASH.match(character):
            gap = "-"
            continue
        if character in LONE_ACCENTS:
            gap = gap or " "
            continue
        for folded in character_folded(character):
            if folded.isspace() or folded == "'":
                gap = gap or " "
                continue
            if gap and last.isdigit() and folded.isdigit():
                yield gap, position
            last, gap = folded, ""
            yield folded, position


def _with_accents(text: str, end: int) -> int:
    while end < len(text) and ACCENT.match(text, end):
        end += 1
    return end


def _is_between_words(text: str, position: int) -> bool:
    if not 0 < position < len(text):
        return True
    before, after = text[position - 1], text[position]
    if before in LONE_ACCENTS or after in LONE_ACCENTS:
        return True
    if ACCENT.match(before) or _UNSPACED.match(before) or _UNSPACED.match(after):
        return True
    return not (before.isalnum() and after.isalnum())
