"""What a model hands in, before anything of it is believed; one flat shape, so that every API can hold to it."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fastapi_service.study.items import CardKind, Difficulty, QuizKind

WORDINGS_MAX = 20

# Each one is compared with the passages: an answer without end would hold up all other requests.
Wordings = Annotated[list[str], Field(max_length=WORDINGS_MAX)]


class QuizDraft(BaseModel):
    """`answer` is the text of the right option, the short answer, what fills the gap, or `true` or `false`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: QuizKind
    question: str
    options: Wordings
    answer: str
    accepted: Wordings
    explanation: str
    difficulty: Difficulty
    passage_id: str
    quote: str


class CardDraft(BaseModel):
    """A basic card has `front` and `back`, one with a gap has `text`; the rest is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: CardKind
    front: str
    back: str
    text: str
    passage_id: str
    quote: str


DraftT = TypeVar("DraftT", QuizDraft, CardDraft)

_STRING = {"type": "string"}
_STRINGS = {"type": "array", "items": _STRING}


def quiz_schema(kinds: Sequence[str]) -> dict[str, Any]:
    """The JSON schema (Any) of a model's answer. Everything is required and closed: strict modes ask for that."""
    return _list_of(
        {
            "kind": {"type": "string", "enum": list(kinds)},
            "question": _STRING,
            "options": _STRINGS,
            "answer": _STRING,
            "accepted": _STRINGS,
            "explanation": _STRING,
            "difficulty": {"type": "string", "enum": ["easy", "medium", "hard"]},
            "passage_id": _STRING,
            "quote": _STRING,
        }
    )


def card_schema(kinds: Sequence[str]) -> dict[str, Any]:
    """As `quiz_schema`, for cards."""
    kind = {"type": "string", "enum": list(kinds)}
    return _list_of({"kind": kind, **dict.fromkeys(("front", "back", "text", "passage_id", "quote"), _STRING)})


def read_drafts(text: str, shape: type[DraftT]) -> list[DraftT | None] | None:
    """The drafts of a model's answer, None for each of a wrong shape; None for an answer that is no list of them."""
    try:
        answer = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        return None
    return [_read_draft(each, shape) for each in answer["items"]]


def _read_draft(value: object, shape: type[DraftT]) -> DraftT | None:
    try:
        return shape.model_validate(value)
    except ValidationError:
        return None


def _list_of(properties: dict[str, Any]) -> dict[str, Any]:
    """Any: a JSON schema."""
    return _closed({"items": {"type": "array", "items": _closed(properties)}})


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    """Any: a JSON schema."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
