"""In which language a file is written, told from its beginning."""

import re

import pycld2  # type: ignore[import-untyped]  # ships no types

SAMPLE_CHARACTERS = 2_000  # of text are enough to tell; more are looked at while they are not
SAMPLE_MAX_CHARACTERS = 20_000
MIN_LETTERS = 24  # fewer tell nothing
MIN_PERCENT = 60  # of the text in its first language
LEADERS = re.compile(r"(?:[.…·][ \u00a0\u2009]?){5}")  # of a table of contents, which tells little for its length


class Language:
    """What is known of it so far, as `code`: ISO 639-1, or empty; always empty for what is not prose."""

    def __init__(self, code: str, *, is_prose: bool) -> None:
        self.code = code
        self._is_prose = is_prose
        self._is_concluded = False
        self._sample = ""

    def learn(self, text: str) -> None:
        """Look at one more page, unless the language is known."""
        if self._is_prose and not self.code and len(self._sample) < SAMPLE_MAX_CHARACTERS:
            self._sample += _prose(text[:SAMPLE_MAX_CHARACTERS]) + "\n"
            self.code = language_of(self._sample) if self.has_enough else ""

    def conclude(self) -> None:
        """Tell from what there is; later pages tell it only where that was too little."""
        if not self._is_concluded:
            self.code = self.code or language_of(self._sample)
            self._is_concluded = len(self._sample) >= SAMPLE_MAX_CHARACTERS

    @property
    def has_enough(self) -> bool:
        return bool(self.code) or not self._is_prose or len(self._sample) >= SAMPLE_CHARACTERS


def language_of(text: str) -> str:
    """ISO 639-1, or empty when the text does not tell."""
    if sum(map(str.isalpha, text)) < MIN_LETTERS:
        return ""
    try:
        reliable, _, ((_, code, percent, _), *_) = pycld2.detect(_printable(text))
    except pycld2.error:
        return ""
    code = str(code).partition("-")[0]  # "zh-Hant"
    return code if reliable and percent >= MIN_PERCENT and len(code) == 2 and code != "un" else ""


def _prose(text: str) -> str:
    """Without the lines of a table of contents."""
    return "\n".join(line for line in text.split("\n") if not LEADERS.search(line))


def _printable(text: str) -> str:
    """It refuses characters that are none."""
    return "".join(character if character.isprintable() else " " for character in text)
