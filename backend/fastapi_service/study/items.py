"""What study material is made of: the passages that it rests on, and the shapes that are published."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fastapi_service.study.folding import Folded, fold, folded

QuizKind = Literal["single_choice", "true_false", "short_answer", "cloze"]
CardKind = Literal["basic", "cloze"]
Difficulty = Literal["easy", "medium", "hard"]

QUIZ_KINDS: tuple[QuizKind, ...] = ("single_choice", "true_false", "short_answer", "cloze")
CARD_KINDS: tuple[CardKind, ...] = ("basic", "cloze")
GAP = "____"
OPTIONS = 4
TEXT_MAX_CHARS = 2000  # of one question, answer, option, explanation or side of a card

_LOOSE = re.compile(r"[,;:()\"?!…]|\.(?!\d)|\b(?:the|an?)\b")

Text = Annotated[str, Field(min_length=1, max_length=TEXT_MAX_CHARS)]


class _Grounded(BaseModel):
    """`quote` stands in the passage exactly like this."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage_id: str
    quote: str


class _Question(_Grounded):
    question: Text
    explanation: Text
    difficulty: Difficulty


class SingleChoice(_Question):
    """`answer` is the index of the right option."""

    kind: Literal["single_choice"] = "single_choice"
    options: Annotated[list[Text], Field(min_length=OPTIONS, max_length=OPTIONS)]
    answer: Annotated[int, Field(ge=0, lt=OPTIONS)]


class TrueFalse(_Question):
    """`question` is the statement to be judged."""

    kind: Literal["true_false"] = "true_false"
    answer: bool


class ShortAnswer(_Question):
    """`accepted` holds every wording that counts as right, `answer` among them."""

    kind: Literal["short_answer"] = "short_answer"
    answer: Text
    accepted: Annotated[list[Text], Field(min_length=1)]


class Cloze(_Question):
    """`question` is a sentence of the passage with one gap, written `____`."""

    kind: Literal["cloze"] = "cloze"
    answer: Text


class BasicCard(_Grounded):
    kind: Literal["basic"] = "basic"
    front: Text
    back: Text


class ClozeCard(_Grounded):
    """`text` is a sentence of the passage with `{{c1::…}}` around what is to be recalled."""

    kind: Literal["cloze"] = "cloze"
    text: Text


QuizItem = SingleChoice | TrueFalse | ShortAnswer | Cloze
Card = BasicCard | ClozeCard


@dataclass(frozen=True, slots=True)
class Source:
    """A passage, folded once."""

    id: str
    text: str
    folded: Folded


class Sources:
    """The passages of one request, by id, in their order."""

    def __init__(self, passages: Iterable[tuple[str, str]]) -> None:
        self._by_id = {name: Source(name, text, folded(text)) for name, text in passages}

    def __iter__(self) -> Iterator[Source]:
        return iter(self._by_id.values())

    def get(self, passage_id: str) -> Source | None:
        return self._by_id.get(passage_id)

    def hold(self, text: str) -> bool:
        """Whether the words of `text` stand in some passage, one after another."""
        return any(source.folded.holds(text) for source in self)

    def say(self, statement: str) -> bool:
        """Whether some passage has this statement, whatever the articles and the signs between its words."""
        return f" {_bare(fold(statement))} " in self._said

    @cached_property
    def _said(self) -> str:
        return " | ".join(["", *(_bare(source.folded.text) for source in self), ""])


def _bare(text: str) -> str:
    return " ".join(_LOOSE.sub(" ", text).split())
