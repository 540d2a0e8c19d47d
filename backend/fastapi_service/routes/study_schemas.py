"""Bodies of the study routes. What is not named here is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fastapi_service.routes.schemas import AttemptReply, Name, UsageReply
from fastapi_service.study.generation import Order
from fastapi_service.study.items import (
    CARD_KINDS,
    QUIZ_KINDS,
    BasicCard,
    CardKind,
    Cloze,
    ClozeCard,
    Difficulty,
    QuizKind,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from fastapi_service.study.reasons import Reason

PASSAGES_MAX = 200
PASSAGE_MAX_CHARS = 50_000
PASSAGES_MAX_CHARS = 200_000  # of all together
QUESTIONS_MAX = 50
CARDS_MAX = 100
SEED_MAX = 2**63 - 1

PassageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
MadeFrom = Literal["model", "text"]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")]


class PassageBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: PassageId
    text: Annotated[str, Field(min_length=1, max_length=PASSAGE_MAX_CHARS)]


class _StudyBody(BaseModel):
    """`language` is a BCP 47 tag; without it the passages' own is used."""

    model_config = ConfigDict(extra="forbid")

    passages: Annotated[list[PassageBody], Field(min_length=1, max_length=PASSAGES_MAX)]
    difficulty: Difficulty | None = None
    language: Language | None = None
    provider: Name | None = None
    model: Name | None = None
    seed: Annotated[int, Field(ge=0, le=SEED_MAX, strict=True)] | None = None

    @model_validator(mode="after")
    def _passages_are_distinct_and_bounded(self) -> "_StudyBody":
        if len({passage.id for passage in self.passages}) < len(self.passages):
            raise ValueError("two passages have the same id")
        if sum(len(passage.text) for passage in self.passages) > PASSAGES_MAX_CHARS:
            raise ValueError(f"the passages are longer than {PASSAGES_MAX_CHARS} characters together")
        return self

    def _order(self, count: int, kinds: tuple[str, ...]) -> Order:
        return Order(
            passages=tuple((passage.id, passage.text) for passage in self.passages),
            count=count,
            kinds=tuple(dict.fromkeys(kinds)),
            difficulty=self.difficulty,
            language=self.language,
            provider=self.provider,
            model=self.model,
            seed=self.seed,
        )


class QuizBody(_StudyBody):
    count: Annotated[int, Field(ge=1, le=QUESTIONS_MAX, strict=True)]
    kinds: Annotated[tuple[QuizKind, ...], Field(min_length=1, max_length=len(QUIZ_KINDS))] = QUIZ_KINDS

    def to_order(self) -> Order:
        return self._order(self.count, self.kinds)


class FlashcardsBody(_StudyBody):
    count: Annotated[int, Field(ge=1, le=CARDS_MAX, strict=True)]
    kinds: Annotated[tuple[CardKind, ...], Field(min_length=1, max_length=len(CARD_KINDS))] = CARD_KINDS

    def to_order(self) -> Order:
        return self._order(self.count, self.kinds)


class _StudyReply(BaseModel):
    """`made_from` "text": built from the passages themselves, no model was believed. `short_by`: how many of the
    items that were asked for could not be made."""

    provider: str
    model: str
    usage: UsageReply
    attempts: list[AttemptReply]
    dropped: dict[Reason, int]
    made_from: MadeFrom
    short_by: int


class QuizReply(_StudyReply):
    items: list[Annotated[SingleChoice | TrueFalse | ShortAnswer | Cloze, Field(discriminator="kind")]]


class FlashcardsReply(_StudyReply):
    cards: list[Annotated[BasicCard | ClozeCard, Field(discriminator="kind")]]
