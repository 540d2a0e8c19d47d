"""Finds years and quantities."""

import re
from collections.abc import Iterator

from fastapi_service.study.folding import word_set
from fastapi_service.study.from_text.facts import Fact
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
SMALLEST = 3  # smaller numbers are guessed


def numbers(sentence: Sentence) -> Iterator[Fact]:
    """The years and the quantities with a unit that stand in the sentence."""
    years = [match.span("number") for pattern in (_YEAR, _CHINESE_YEAR) for match in pattern.finditer(sentence.text)]
    for span in years:
        yield Fact("year", sentence, *span)
    for match in _QUANTITY.finditer(sentence.text):
        if match.span("number") in years or match["unit"].lower() in _NO_UNIT:
            continue
        if value_of(match["number"]) >= SMALLEST:
            yield Fact("number", sentence, *match.span("number"), meaning=match["unit"])


def value_of(number: str) -> float:
    return float(re.sub(r"[ ,](?=\d{3})", "", number))
