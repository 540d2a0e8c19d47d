"""OpenAI's chat completions, as any compatible server speaks them; other providers' formats are kinds of it.

Source: OpenAI API reference, "Create chat completion", its streaming events, and the guide "Error codes".
"""

import time
from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from fake_provider.wires.base import (
    ASKED_TOKENS,
    CONTEXT_TOKENS,
    MODEL,
    Asked,
    Counts,
    EndReason,
    ErrorAnswer,
    ErrorKind,
    Frame,
    Refused,
    Wire,
    retry_header,
)

DONE = b"data: [DONE]\n\n"
FINISH: Mapping[EndReason, str] = {"stop": "stop", "length": "length", "filter": "content_filter"}
TOO_LONG = (
    f"This model's maximum context length is {CONTEXT_TOKENS} tokens. However, your messages resulted in "
    f"{ASKED_TOKENS} tokens. Please reduce the length of the messages."
)


class OpenAIChat(Wire):
    """`POST …/chat/completions` and `GET …/models`. A last message of the assistant's is continued."""

    provider = "local"
    # By kind of error: its message, and the `type`, `param` and `code` beside it.
    errors: ClassVar[Mapping[ErrorKind, tuple[str, str, str | None, str | None]]] = {
        "400": ("The request could not be understood.", "invalid_request_error", None, None),
        "401": ("Incorrect API key provided.", "invalid_request_error", None, "invalid_api_key"),
        "404": ("The model does not exist.", "invalid_request_error", None, "model_not_found"),
        "429": ("Rate limit reached for requests.", "requests", None, "rate_limit_exceeded"),
        "500": ("The server had an error while processing your request.", "server_error", None, None),
        "503": ("The engine is currently overloaded, please try again later.", "server_error", None, None),
        "context": (TOO_LONG, "invalid_request_error", "messages", "context_length_exceeded"),
    }
    choice_extras: ClassVar[Mapping[str, Any]] = {}  # Any: JSON

    def parse(self) -> Asked:
        body = self.body()
        messages = body.get("messages")
        messages = messages if isinstance(messages, list) else []
        self.check(body, messages)
        return Asked(
            model=self.model_of(body),
            messages=messages,
            settings={name: value for name, value in body.items() if name != "messages"},
            prefill=self.is_prefill(messages),
            stream=bool(body.get("stream")),
            wants_usage=bool((body.get("stream_options") or {}).get("include_usage")),
            schema=_schema_of(body.get("response_format")),
        )

    def check(self, body: dict[str, Any], messages: list[Any]) -> None:
        """Raises: Refused, where this provider would not answer such a request; nothing is looked at here."""

    def is_prefill(self, messages: list[Any]) -> bool:
        return last_role(messages) == "assistant"

    def model_of(self, body: dict[str, Any]) -> str:
        return str(body.get("model") or MODEL)

    def prepare(self, asked: Asked, *, answer_id: str, prompt_tokens: int) -> None:
        self.wants_usage = asked.wants_usage
        self.head: dict[str, Any] = {"id": answer_id, "created": int(time.time()), "model": asked.model}
        self.token = Frame(self.chunk({"content": "\0"}))
        self.thought = Frame(self.chunk({"reasoning_content": "\0"}))

    def start(self) -> bytes:
        return self.chunk({"role": "assistant", "content": ""})

    def end(self, reason: EndReason, counts: Counts) -> bytes:
        usage = self.event([], usage=self.usage(counts)) if self.wants_usage else b""
        return self.chunk({}, reason) + usage + DONE

    def error_event(self) -> bytes:
        return b"data: " + self.error("500").body + b"\n\n"

    def whole(self, *, text: str, thoughts: str, reason: EndReason, counts: Counts) -> bytes:
        message = {"role": "assistant", "content": text, **({"reasoning_content": thoughts} if thoughts else {})}
        choice = {"index": 0, "message": message, "finish_reason": FINISH[reason], **self.choice_extras}
        answer = {**self.head, "object": "chat.completion", "choices": [choice], "usage": self.usage(counts)}
        return orjson.dumps(answer)

    def error(self, kind: ErrorKind, *, said: str = "", retry_after: float = -1.0) -> ErrorAnswer:
        message, type_, param, code = self.errors[kind]
        error = {"message": said or message, "type": type_, "param": param, "code": code}
        return ErrorAnswer(status_of(kind), orjson.dumps({"error": error}), retry_header(retry_after))

    def models(self) -> bytes | None:
        if not self.call.path.endswith("/models"):
            return None
        return orjson.dumps({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "fake"}]})

    def usage(self, counts: Counts) -> dict[str, Any]:
        return {
            "prompt_tokens": counts.prompt,
            "completion_tokens": counts.output,
            "total_tokens": counts.total,
        }

    def chunk(self, delta: dict[str, str], reason: EndReason | None = None, **more: Any) -> bytes:
        """One event of a stream; `more` stands beside its choices."""
        finish = FINISH[reason] if reason else None
        return self.event([{"index": 0, "delta": delta, "finish_reason": finish, **self.choice_extras}], **more)

    def event(self, choices: list[Any], **more: Any) -> bytes:
        chunk = {**self.head, "object": "chat.completion.chunk", "choices": choices, **more}
        return b"data: " + orjson.dumps(chunk) + b"\n\n"


def last_role(messages: list[Any]) -> str:
    last = messages[-1] if messages else None
    return str(last.get("role")) if isinstance(last, dict) else ""


def status_of(kind: ErrorKind) -> int:
    return 400 if kind == "context" else int(kind)


def require_bearer(wire: Wire) -> None:
    """Raises: Refused, where no key is sent; which one does not matter."""
    if not wire.call.header("authorization").removeprefix("Bearer").strip():
        raise Refused(wire.error("401"))


def _schema_of(response_format: Any) -> Any:
    """The JSON schema in a request, in OpenAI's place for it or in that of text-generation-inference."""
    if not isinstance(response_format, dict):
        return None
    named = response_format.get("json_schema")
    return named.get("schema") if isinstance(named, dict) else response_format.get("value")
