"""Characters as one would type them, so that what looks alike is found alike. Pure Python, without Django."""

import re
import unicodedata
from functools import lru_cache

# Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs. The marks of other scripts are letters.
ACCENT = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]")
# Scripts that are written without spaces, or whose words carry what other languages write apart.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
)
DASHES = "-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
# A word that a line end broke: its first half ends in a hyphen, its second begins with a small letter.
BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011][ \t]*\r?\n\s*(?=[^\W\d_A-Z])")
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f\uff02"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2039\u203a\u2032\uff07"
# Accents beside their letter, as old fonts of TeX have them; the first two are typed for an apostrophe as well.
LONE_ACCENTS = "\u0060\u00b4\u02c6\u00a8\u02dc\u02c7\u02da\u00b8"
_QUOTES = {ord(quote): '"' for quote in _DOUBLE_QUOTES} | {ord(quote): "'" for quote in _SINGLE_QUOTES}
_DOTLESS = {ord("\u0131"): "i", ord("\u0237"): "j"}


def accents_removed(text: str) -> str:
    """`text` without accents, compatibility forms (ligatures, full width) as the letters that they stand for."""
    return unicodedata.normalize("NFC", ACCENT.sub("", unicodedata.normalize("NFKD", text)))


@lru_cache(maxsize=20_000)
def character_folded(character: str) -> str:
    """One character for comparing: small, without accent, quotes of one kind; empty where it is not seen at all.

    Decomposed, so that an accent of its own and one that is part of its letter come to the same.
    """
    if unicodedata.category(character) == "Cf":
        return ""
    decomposed = unicodedata.normalize("NFKD", character.translate(_QUOTES | _DOTLESS))
    # Twice: a capital may fold to a letter with a mark.
    return ACCENT.sub("", unicodedata.normalize("NFKD", ACCENT.sub("", decomposed).casefold()))
