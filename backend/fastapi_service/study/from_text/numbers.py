"""Finds years and quantities."""

import re
from collections.abc import Iterator

from fastapi_service.study.folding import word_set
from fastapi_service.study.from_text.facts import Fact, FalseIf
from fastapi_service.study.from_text.sentences import Sentence
from fastapi_service.study.from_text.vocabulary import FUNCTION_WORDS

_YEAR = re.compile(
    r"(?:\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Aa]bout|[Aa]round|of|im [Jj]ahre?|[Ee]n|[Dd]epuis|[Ss]eit)\s+)"
    r"(?P<number>1[0-9]{3}|20[0-9]{2})(?![\w%°]|[.,]\d|\s*(?:°|%|[a-zµ]{1,3}\b(?<!in)(?<!the)(?<!by)(?<!an)(?<!a)))"
)
_CHINESE_YEAR = re.compile(r"(?<!\d)(?P<number>1[0-9]{3}|20[0-9]{2})(?=年)")
_QUANTITY = re.compile(
    r"(?<![\w.,/^−–-])(?P<number>\d{1,3}(?:[ ,]\d{3})+|\d+(?:\.\d+)?)\s?(?P<unit>%|°C|°|"
    r"[a-zµμΩ][\w/·²³]*|[AVWJKNTF]\b|[kMG]?(?:Hz|Pa)\b|[kMG][WJVB]\b)"
)
_NO_UNIT = FUNCTION_WORDS | word_set("s th st nd rd er e")
PERCENT = frozenset({"%", "percent", "per"})
# "More than 35" is true of smaller numbers too, "at most 35" of larger ones, "by 1500" and "since 1500" of later years.
_FALSE_IF_LARGER = re.compile(
    r"\b(?:(?:more|greater|larger|longer|higher|older|heavier|later) than|over|above|beyond|at least"
    r"|exceed(?:s|ed|ing)?|no (?:less|fewer) than|until|after)(?: the age of| about| some)?\s+$",
    re.IGNORECASE,
)
_FALSE_IF_SMALLER = re.compile(
    r"\b(?:(?:less|fewer|smaller|shorter|lower|younger|lighter|earlier) than|under|below|within|up to"
    r"|at most|no more than|by|since|before)(?: the age of| about| some)?\s+$",
    re.IGNORECASE,
)
_OTHERS_HOLD_TOO = re.compile(r"\b(?:enough|suffices?|sufficient)\b", re.IGNORECASE)
SMALLEST = 3  # smaller numbers are guessed


def numbers(sentence: Sentence) -> Iterator[Fact]:
    """The years and the quantities with a unit that stand in the sentence."""
    years = [match.span("number") for pattern in (_YEAR, _CHINESE_YEAR) for match in pattern.finditer(sentence.text)]
    for start, end in years:
        yield Fact("year", sentence, start, end, false_if=_false_if(sentence.text, start))
    for match in _QUANTITY.finditer(sentence.text):
        if match.span("number") in years or match["unit"].lower() in _NO_UNIT:
            continue
        if value_of(match["number"]) >= SMALLEST:
            start, end = match.span("number")
            false_if = _false_if(sentence.text, start)
            yield Fact("number", sentence, start, end, meaning=match["unit"], false_if=false_if)


def _false_if(text: str, start: int) -> FalseIf:
    """Which numbers in place of the one that starts there make the sentence false."""
    if _OTHERS_HOLD_TOO.search(text):
        return "never"
    before = text[max(0, start - 40) : start]
    # "No more than" and "no less than" contain their opposites.
    if _FALSE_IF_SMALLER.search(before) and not re.search(r"\bno (?:less|fewer)\b", before):
        return "smaller"
    if _FALSE_IF_LARGER.search(before):
        return "larger"
    return "other"


def value_of(number: str) -> float:
    return float(re.sub(r"[ ,](?=\d{3})", "", number))
