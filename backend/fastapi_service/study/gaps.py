"""Sentences with a gap: `____` in a question, `{{c1::…}}` around what a card hides."""

import re

from fastapi_service.study.items import GAP, ClozeCard

BLANK = re.compile(r"_{3,}")
WRAPPING = " \n\t\"'“”„«»…."  # what may stand around a quotation, and a full stop
_DELETION = re.compile(r"\{\{c[1-9]::(?P<hidden>(?:(?!\}\}|::).)+?)(?:::(?P<hint>[^{}]*))?\}\}")


def fill(question: str, answer: str) -> str:
    """The sentence with the answer in its gap, without quotation marks or a full stop at its ends."""
    return answer.strip().join(BLANK.split(question)).strip(WRAPPING)


def one_gap(question: str) -> str:
    """The question with its gap in the published form."""
    return BLANK.sub(GAP, question.strip())


def filled(card: ClozeCard) -> str:
    """The sentence without the marks of its gaps."""
    return _DELETION.sub(lambda deletion: deletion["hidden"], card.text)


def deletions(card: ClozeCard) -> list[str]:
    return [deletion["hidden"] for deletion in _DELETION.finditer(card.text)]


def left_to_see(card: ClozeCard) -> str:
    """What a student sees of the sentence, hints in the gaps included."""
    return _DELETION.sub(lambda deletion: f" {deletion['hint'] or ''} ", card.text)
