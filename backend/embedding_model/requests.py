"""What may be asked, in OpenAI's form with one member more: `input_type`, "query" or "passage"."""

from array import array
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import orjson

from embedding_model.engine import TEXT_MAX_CHARS, Kind
from embedding_model.lanes import Embedded

Value = TypeVar("Value")

TEXTS_MAX = 64
KINDS: dict[object, Kind] = {"query": "query", "passage": "passage", None: "passage"}
FORMATS: dict[object, Literal["float", "base64"]] = {"float": "float", "base64": "base64", None: "float"}


class BadRequest(Exception):
    """A request that cannot be answered; its text says why, and never repeats what was sent."""


@dataclass(frozen=True, slots=True)
class Asked:
    texts: list[str]
    kind: Kind
    form: Literal["float", "base64"]


def read_request(body: bytes, *, dimension: int) -> Asked:
    """Raises: BadRequest."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest("the body is no JSON") from None
    if not isinstance(asked, dict):
        raise BadRequest("the body is no JSON object")
    if asked.get("dimensions") not in (None, dimension):
        raise BadRequest(f"dimensions can be {dimension} only")
    return Asked(
        texts=_texts(asked.get("input")),
        kind=_one_of(KINDS, asked.get("input_type"), "input_type"),
        form=_one_of(FORMATS, asked.get("encoding_format"), "encoding_format"),
    )


def answer(embedded: Embedded, asked: Asked, *, model: str) -> bytes:
    data = [
        {"object": "embedding", "index": index, "embedding": _written(vector, asked.form)}
        for index, vector in enumerate(embedded.vectors)
    ]
    usage = {"prompt_tokens": embedded.tokens, "total_tokens": embedded.tokens}
    return orjson.dumps({"object": "list", "data": data, "model": model, "usage": usage})


def _texts(given: Any) -> list[str]:  # Any: JSON of the client's making
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadRequest("input must be a text, or a list of texts")
    if not 1 <= len(texts) <= TEXTS_MAX:
        raise BadRequest(f"input must hold 1 to {TEXTS_MAX} texts")
    if not all(1 <= len(text) <= TEXT_MAX_CHARS for text in texts):
        raise BadRequest(f"each text must have 1 to {TEXT_MAX_CHARS} characters")
    return texts


def _one_of(known: dict[object, Value], given: Any, name: str) -> Value:
    if not isinstance(given, str | None) or given not in known:
        raise BadRequest(f"{name} must be one of: {', '.join(str(each) for each in known if each)}")
    return known[given]


def _written(vector: Sequence[float], form: Literal["float", "base64"]) -> Sequence[float] | str:
    """As OpenAI writes a vector: numbers, or 32-bit floats in base64."""
    return vector if form == "float" else b64encode(array("f", vector).tobytes()).decode()
