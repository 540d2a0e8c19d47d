"""Texts made comparable: what differs only in case, spacing, ligatures or typographic signs becomes equal."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SIGNS = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
}
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_HYPHENS = frozenset("-‐‑")
# Scripts that put no space between words: a word may begin and end anywhere in them.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+")
# Signs that only their case can change: ASCII but for spaces, hyphens and the backtick. Most texts consist of them.
_PLAIN = re.compile(r"[!-,.-_a-~]+")


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = word_set(
    "a an the of in on at to for from by with and or as is are was were be been it its this that these those which "
    "what who when where how why does do did has have can will"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`origins[i]` is the place in the original of the character that `text[i]` comes from."""

    original: str
    text: str
    origins: tuple[int, ...]

    def find(self, needle: str) -> Iterator[int]:
        """The places in `text` where the folded `needle` stands as whole words, not as a part of longer ones."""
        at = self.text.find(needle) if needle else -1
        while at >= 0:
            if not _cuts_word(self.text, at) and not _cuts_word(self.text, at + len(needle)):
                yield at
            at = self.text.find(needle, at + 1)

    def holds(self, text: str) -> bool:
        """Whether the words of `text` stand here, one after another."""
        return next(self.find(fold(text)), None) is not None

    def locate(self, text: str) -> str | None:
        """The words of `text` exactly as the original has them."""
        needle = fold(text)
        at = next(self.find(needle), None)
        if at is None:
            return None
        return self.original[self.origins[at] : self.origins[at + len(needle) - 1] + 1]


def folded(text: str) -> Folded:
    """`text` folded, with the way back to it."""
    pieces: list[str] = []
    origins: list[int] = []
    place = 0
    while place < len(text):
        if plain := _PLAIN.match(text, place):
            pieces.append(plain[0].lower())
            origins.extend(range(place, plain.end()))
            place = plain.end()
            continue
        skipped = _hyphen_within_word(text, place)
        if skipped:
            place += skipped
            continue
        piece = _folded_character(text[place])
        if piece == " " and pieces and pieces[-1] == " ":
            piece = ""
        if piece:
            pieces.append(piece)
            origins.extend([place] * len(piece))
        place += 1
    return Folded(text, "".join(pieces), tuple(origins))


def fold(text: str) -> str:
    return folded(text).text.strip()


def words(text: str) -> list[str]:
    """The folded words of `text`; of a script without spaces, its pairs of neighbouring characters."""
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if _UNSPACED.search(word) and len(word) > 1:
            found.extend(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.append(word)
    return found


def holds_some_form(text: str, answer: str) -> bool:
    """Whether the words of `answer` stand in `text` in the singular or in the plural, one after another."""
    within = folded(text)
    if within.holds(answer):
        return True
    asked = [word.removesuffix("s") for word in words(answer)]
    if not asked or any(map(str.isdigit, "".join(asked))):
        return False
    said = [word.removesuffix("s") for word in words(text)]
    return any(said[at : at + len(asked)] == asked for at in range(len(said)))


def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning; all of them where there are no others."""
    every = frozenset(words(text))
    return every - STOP_WORDS or every


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two sets have in common, in [0, 1] (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 1.0


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character.isspace():
        return " "
    return unicodedata.normalize("NFKD", _SIGNS.get(character, character)).casefold()


def _hyphen_within_word(text: str, place: int) -> int:
    """How many characters a hyphen takes up there, with the line break behind it; 0 where it is none.

    A page of print breaks words where the one who quotes it does not.
    """
    if text[place] not in _HYPHENS or not place or not text[place - 1].isalpha():
        return 0
    after = place + 1
    while after < len(text) and text[after] in " \r\n" and after - place < 4:
        after += 1
    broken = text[place + 1 : after]
    if after == len(text) or not text[after].isalpha() or (broken and "\n" not in broken):
        return 0
    return after - place


def _cuts_word(text: str, place: int) -> bool:
    if place in (0, len(text)):
        return False
    before, after = text[place - 1], text[place]
    if unicodedata.combining(after):
        return True
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    if after.isalnum() and (before.isalnum() or unicodedata.combining(before)):
        return True
    return _cuts_number(text[max(0, place - 2) : place], text[place : place + 2])


def _cuts_number(left: str, right: str) -> bool:
    """Whether one number stands on both sides: "3.5" holds no "5", "1,500" no "500" and "-5" no "5"."""
    if left[-1] in ".,":
        return left[0].isdigit() and right[0].isdigit()
    if right[0] in ".,":
        return left[-1].isdigit() and right[-1].isdigit()
    # Behind a word, a bracket or another dash it is no sign, but stands for "to".
    return left[-1] == "-" and right[0].isdigit() and not (left[:-1].isalnum() or left[:-1] in {")", "-"})
