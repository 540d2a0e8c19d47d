"""Gathers what passes all checks, and counts what does not."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from fastapi_service.study.checks import judge_card, judge_question
from fastapi_service.study.drafts import CardDraft, QuizDraft, card_schema, quiz_schema
from fastapi_service.study.duplicates import Asked
from fastapi_service.study.from_text.cards import card_drafts
from fastapi_service.study.from_text.quiz import quiz_drafts
from fastapi_service.study.items import BasicCard, ClozeCard, QuizItem, SingleChoice, Sources
from fastapi_service.study.prompts import CARD_RULES, QUIZ_RULES
from fastapi_service.study.reasons import Reason
from fastapi_service.study.shuffling import shuffled

DraftT = TypeVar("DraftT", QuizDraft, CardDraft)
ItemT = TypeVar("ItemT", QuizItem, BasicCard | ClozeCard)


@dataclass(frozen=True)
class Craft(Generic[DraftT, ItemT]):
    """One sort of study material: its shapes, its rules, its judge, and how it is made without a model."""

    noun: str
    rules: str
    draft: type[DraftT]
    schema: Callable[[Sequence[str]], dict[str, Any]]  # Any: a JSON schema
    judge: Callable[[DraftT, Sources], ItemT | Reason]
    from_text: Callable[[Sources, Sequence[Any], random.Random], Iterator[DraftT]]  # Any: kinds of this craft


QUIZ: Craft[QuizDraft, QuizItem] = Craft("questions", QUIZ_RULES, QuizDraft, quiz_schema, judge_question, quiz_drafts)
CARDS: Craft[CardDraft, BasicCard | ClozeCard] = Craft(
    "flashcards", CARD_RULES, CardDraft, card_schema, judge_card, card_drafts
)


class Collection(Generic[DraftT, ItemT]):
    """The items of one request; it takes drafts until it has `count`."""

    def __init__(
        self,
        craft: Craft[DraftT, ItemT],
        sources: Sources,
        *,
        kinds: Sequence[str],
        count: int,
        rng: random.Random,
    ) -> None:
        self.items: list[ItemT] = []
        self.dropped: Counter[Reason] = Counter()
        self._craft: Craft[DraftT, ItemT] = craft
        self._sources = sources
        self._kinds = frozenset(kinds)
        self._count = count
        self._rng = rng
        self._asked = Asked()

    @property
    def missing(self) -> int:
        return self._count - len(self.items)

    def offer(self, draft: DraftT | None) -> None:
        """Take the draft if it passes; None is one of the wrong shape. What is too much is passed over."""
        if not self.missing:
            return
        judged = self._judged(draft)
        if not isinstance(judged, BaseModel):
            self.dropped[judged] += 1
        else:
            self._asked.remember(judged)
            self.items.append(shuffled(judged, self._rng) if isinstance(judged, SingleChoice) else judged)

    def _judged(self, draft: DraftT | None) -> ItemT | Reason:
        if draft is None:
            return "wrong_shape"
        if draft.kind not in self._kinds:
            return "kind_not_asked_for"
        judged = self._craft.judge(draft, self._sources)
        if not isinstance(judged, BaseModel):
            return judged
        return self._asked.repeats(judged) or judged
