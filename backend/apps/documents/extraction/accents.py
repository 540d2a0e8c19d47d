"""Accents that a PDF writes as characters of their own, beside their letter, put back onto it.

TeX's older fonts have no accented letters: a page shows "numérique", and its text reads "num´erique", of which neither
a search nor a model makes anything.
"""

import re
import unicodedata

COMBINING = {
    **{"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "˜": "\u0303", "ˇ": "\u030c", "˚": "\u030a"},
    **{"¸": "\u0327"},
}
DOTLESS = {"ı": "i", "ȷ": "j"}
# A page that has none inside of a word is left as it is: there the signs stand for themselves, or for an apostrophe
# (qu´elle, dell´acqua).
ELIDED = r"(?<!qu)(?<!ll)(?<!tt)(?<!nt)(?<!\bun)"
IN_WORD = re.compile(rf"(?<=[a-z][a-z]){ELIDED}[´`](?=[aeiouy])|(?<=[a-z])[ˆ¨](?=[aeiouyı])|(?<=[a-z])¸(?=c)")
BEFORE_LETTER = re.compile("([´`ˆ¨˜ˇ˚¸])([A-Za-zıȷ])")
CEDILLA_BEHIND = re.compile("([Cc])¸ ?")


def accents_joined(text: str) -> str:
    """`text` with each accent on the letter behind it, where Unicode has a letter for the two."""
    if not IN_WORD.search(text):
        return text
    return BEFORE_LETTER.sub(_joined, CEDILLA_BEHIND.sub(lambda match: "Ç" if match[1] == "C" else "ç", text))


def _joined(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", DOTLESS.get(match[2], match[2]) + COMBINING[match[1]])
    return letter if len(letter) == 1 else match[0]
