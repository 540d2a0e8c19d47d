"""Knows what has been asked, so that nothing is asked twice, whatever its kind and wording."""

from typing import Literal

from fastapi_service.study.folding import content_words, fold, likeness
from fastapi_service.study.gaps import deletions, filled
from fastapi_service.study.items import GAP, BasicCard, Card, ClozeCard, QuizItem, SingleChoice, TrueFalse

NEAR_DUPLICATE_LIKENESS = 0.75


class Asked:
    """The questions so far, by their words and by the fact that they ask for."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._facts: set[tuple[str, str, str]] = set()
        self._words: list[frozenset[str]] = []

    def repeats(self, item: QuizItem | Card) -> Literal["duplicate", "near_duplicate"] | None:
        """How `item` repeats an earlier one: same words or same fact, or nearly the same words."""
        text = asked_text(item)
        if fold(text) in self._texts or _fact(item) in self._facts:
            return "duplicate"
        meant = content_words(text)
        if any(likeness(meant, other) >= NEAR_DUPLICATE_LIKENESS for other in self._words):
            return "near_duplicate"
        return None

    def remember(self, item: QuizItem | Card) -> None:
        text = asked_text(item)
        self._texts.add(fold(text))
        self._words.append(content_words(text))
        self._facts.add(_fact(item))


def asked_text(item: QuizItem | Card) -> str:
    """The question; of a sentence with a gap, the whole sentence, since other gaps in it ask nearly the same."""
    if isinstance(item, BasicCard):
        return item.front
    if isinstance(item, ClozeCard):
        return filled(item)
    return item.question.replace(GAP, _answer(item))


def _answer(item: QuizItem | Card) -> str:
    if isinstance(item, BasicCard):
        return item.back
    if isinstance(item, ClozeCard):
        return " ".join(deletions(item))
    if isinstance(item, SingleChoice):
        return item.options[item.answer]
    # All statements have one of the same two answers: what they ask for is themselves.
    return item.question if isinstance(item, TrueFalse) else item.answer


def _fact(item: QuizItem | Card) -> tuple[str, str, str]:
    return item.passage_id, fold(item.quote), fold(_answer(item))
