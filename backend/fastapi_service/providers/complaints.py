"""What an error document says, in the forms that model APIs write one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import orjson

RETRY_INFO = "google.rpc.RetryInfo"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What tells kinds apart, in lower case: `codes` and types alone, and `words`, which have the message too.

    A message may quote what was sent. `status`: the HTTP status that is named, else 0.
    """

    codes: str = ""
    words: str = ""
    status: int = 0
    retry_after_s: float | None = None

    @classmethod
    def of_body(cls, body: bytes) -> Self:
        """Of the body of a refusal; one that is no JSON, such as a proxy's page, says nothing."""
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            return cls()
        if isinstance(found, list):  # Gemini's streams without SSE are lists
            found = found[0] if found else None
        return cls.of(found) if isinstance(found, dict) else cls()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:  # Any: JSON of somebody else's making
        """Of `{"error": {…}}` (OpenAI, Azure, DeepSeek, Gemini), `{"error": "…"}` (HuggingFace) or the bare members."""
        error = document.get("error", document)
        if not isinstance(error, dict):
            error = {"message": error, "type": document.get("error_type")}
        details = [each for each in _list(error.get("details")) if isinstance(each, dict)]
        codes = _text(_codes(error, details))
        message = error.get("message")
        return cls(
            codes=codes,
            words=f"{codes} {_text(message if isinstance(message, list) else [message])}",
            status=_status(error.get("code")) or _status(error.get("status")),
            retry_after_s=_retry_delay_s(details),
        )


def _codes(error: Mapping[str, Any], details: list[dict[str, Any]]) -> Iterator[object]:
    yield from (error.get(name) for name in ("code", "type", "status"))
    inner = error.get("innererror")
    yield inner.get("code") if isinstance(inner, dict) else None
    yield from (detail.get("reason") for detail in details)


def _text(words: Iterable[object]) -> str:
    return " ".join(str(word) for word in words if isinstance(word, str | int)).lower()


def _status(code: object) -> int:
    try:
        status = int(code) if isinstance(code, int | str) else 0
    except ValueError:
        return 0
    return status if 400 <= status < 600 else 0


def _retry_delay_s(details: list[dict[str, Any]]) -> float | None:
    """Google's RetryInfo, whose delay is written as "12.5s"."""
    for detail in details:
        if str(detail.get("@type")).endswith(RETRY_INFO):
            try:
                return float(str(detail.get("retryDelay")).removesuffix("s"))
            except ValueError:
                return None
    return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
