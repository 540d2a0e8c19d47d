"""What a wire format is to the rest of the fake provider: it reads a request and writes an answer, paces nothing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qs

import orjson

MODEL = "fake-model"
CONTEXT_TOKENS = 8192
ASKED_TOKENS = 9001  # what a prompt that is too long is said to have

ErrorKind = Literal["400", "401", "404", "429", "500", "503", "context"]
EndReason = Literal["stop", "length", "filter"]


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request, its body unread by anyone."""

    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    content: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name.encode(), b"").decode("latin-1")

    def query(self, name: str) -> str:
        return parse_qs(self.query_string.decode("latin-1")).get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for. `messages` are in OpenAI's form, `settings` all else that stood in the body.

    Any: JSON of the client's making.
    """

    model: str
    messages: list[Any]
    settings: dict[str, Any]
    prefill: bool = False
    stream: bool = False
    wants_usage: bool = False
    schema: Any = None


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An answer that is an error: status, body and headers."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The request is one that this provider answers with an error."""

    def __init__(self, answer: ErrorAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of the prompt, of the text, and of the thinking before it."""

    prompt: int
    text: int
    thoughts: int

    @property
    def output(self) -> int:
        return self.text + self.thoughts

    @property
    def total(self) -> int:
        return self.prompt + self.output


class Frame:
    """An event with a hole for a token. What stays the same from token to token is encoded once."""

    def __init__(self, event_with_nul: bytes) -> None:
        """Take an encoded event in which the token is the character NUL."""
        self.before, self.after = event_with_nul.split(b"\\u0000")
        self._between = self.after + self.before

    def around(self, pieces: Sequence[bytes]) -> bytes:
        """One event per piece; a piece is text as it stands inside a JSON string."""
        return self.before + self._between.join(pieces) + self.after if pieces else b""


class Wire(ABC):
    """One exchange in one provider's format; an instance serves one request."""

    provider: ClassVar[str]
    token: Frame
    thought: Frame

    def __init__(self, call: Call) -> None:
        self.call = call

    @abstractmethod
    def parse(self) -> Asked:
        """Read the request. Raises: Refused."""

    @abstractmethod
    def prepare(self, asked: Asked, *, answer_id: str, prompt_tokens: int) -> None:
        """Encode all that stays the same; to be called before anything of an answer is written."""

    @abstractmethod
    def start(self) -> bytes:
        """What a stream has before its first token."""

    @abstractmethod
    def end(self, reason: EndReason, counts: Counts) -> bytes:
        """What a stream has after its last token."""

    @abstractmethod
    def error_event(self) -> bytes:
        """The error that a stream can have after its status was 200."""

    @abstractmethod
    def whole(self, *, text: str, thoughts: str, reason: EndReason, counts: Counts) -> bytes:
        """The body of an answer that is not streamed."""

    @abstractmethod
    def error(self, kind: ErrorKind, *, said: str = "", retry_after: float = -1.0) -> ErrorAnswer:
        """The error in this provider's words, or saying `said`; `retry_after` in seconds, below 0 for untold."""

    def filtered_prompt(self) -> ErrorAnswer | None:
        """How a prompt is refused for what it says; None where that is told within an answer."""
        return None

    def models(self) -> bytes | None:
        """The list of models, where the request asks for it."""
        return None

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises: Refused."""
        try:
            body = orjson.loads(self.call.content)
        except orjson.JSONDecodeError as error:
            raise Refused(self.error("400", said=f"Invalid JSON in the body: {error}")) from error
        if not isinstance(body, dict):
            raise Refused(self.error("400", said="The body is no JSON object."))
        return body


def retry_header(retry_after: float) -> dict[str, str]:
    return {"retry-after": f"{retry_after:g}"} if retry_after >= 0 else {}
