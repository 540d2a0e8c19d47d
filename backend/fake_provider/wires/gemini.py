"""Google's Gemini API.

Source: Gemini API reference, "Generating content" (GenerateContentRequest, GenerateContentResponse, UsageMetadata) and
"Troubleshooting" (statuses); Google API improvement proposal 193, "Errors" (ErrorInfo, RetryInfo). That an error in the
middle of a stream comes as bare JSON, without `data:`, is what Google's own SDKs read.
"""

import re
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
)

PATH = re.compile(r"/gemini/v1(?:alpha|beta)?/models/([^:]+):(generateContent|streamGenerateContent)")
ROLES = {"user": "user", "model": "assistant"}
FINISH: Mapping[EndReason, str] = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY"}
END_OF_EVENT = b"\r\n\r\n"
TYPE = "type.googleapis.com/google.rpc."
BAD_KEY = "API key not valid. Please pass a valid API key."
NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)
QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)


class Gemini(Wire):
    """`/gemini/v1beta/models/<model>:generateContent` and `:streamGenerateContent`, the key in `x-goog-api-key`.

    Without `alt=sse` a stream is a JSON array; here it has one element.
    """

    provider = "gemini"
    errors: ClassVar[Mapping[ErrorKind, tuple[int, str, str]]] = {
        "400": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
        "401": (400, "INVALID_ARGUMENT", BAD_KEY),
        "404": (404, "NOT_FOUND", "The model is not found for API version v1beta, or is not supported."),
        "429": (429, "RESOURCE_EXHAUSTED", QUOTA),
        "500": (500, "INTERNAL", "An internal error has occurred. Please retry or report the error."),
        "503": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        "context": (
            400,
            "INVALID_ARGUMENT",
            f"The input token count ({ASKED_TOKENS}) exceeds the maximum number of tokens allowed ({CONTEXT_TOKENS}).",
        ),
    }

    @property
    def streams(self) -> bool:
        return self.call.path.endswith(":streamGenerateContent") and self.call.query("alt") == "sse"

    @property
    def in_array(self) -> bool:
        return self.call.path.endswith(":streamGenerateContent") and not self.streams

    def parse(self) -> Asked:
        found = PATH.fullmatch(self.call.path)
        if found is None:
            raise Refused(self.error("404"))
        if not (self.call.header("x-goog-api-key") or self.call.query("key")):
            raise Refused(self._error(403, "PERMISSION_DENIED", NO_KEY))
        body = self.body()
        config = body.get("generationConfig") or {}
        schema = config.get("responseJsonSchema") or config.get("responseSchema")
        if schema and config.get("responseMimeType") != "application/json":
            raise Refused(self.error("400", said="A response schema is only allowed with application/json."))
        contents = [self._message(content) for content in body.get("contents") or ()]
        instruction = body.get("systemInstruction")
        system = [{"role": "system", "content": _content(instruction)}] if instruction else []
        return Asked(
            model=found[1],
            messages=[*system, *contents],
            settings={name: body[name] for name in body if name not in {"contents", "systemInstruction"}},
            prefill=bool(contents) and contents[-1]["role"] == "assistant",
            stream=self.streams,
            wants_usage=True,
            schema=schema,
        )

    def _message(self, content: Any) -> dict[str, Any]:
        role = content.get("role", "user") if isinstance(content, dict) else None
        if role not in ROLES:
            raise Refused(self.error("400", said="Please use a valid role: user, model."))
        return {"role": ROLES[role], "content": _content(content)}

    def prepare(self, asked: Asked, *, answer_id: str, prompt_tokens: int) -> None:
        self.tail = {"modelVersion": asked.model, "responseId": answer_id}
        usage = {"promptTokenCount": prompt_tokens, "totalTokenCount": prompt_tokens}
        self.token = Frame(self._event(self._candidate([{"text": "\0"}]), usage))
        self.thought = Frame(self._event(self._candidate([{"text": "\0", "thought": True}]), usage))

    def start(self) -> bytes:
        return b""

    def end(self, reason: EndReason, counts: Counts) -> bytes:
        return b"data: " + self._last(reason, counts, [{"text": ""}] if counts.text else []) + END_OF_EVENT

    def error_event(self) -> bytes:
        return self.error("503").body + b"\r\n"

    def whole(self, *, text: str, thoughts: str, reason: EndReason, counts: Counts) -> bytes:
        parts: list[Any] = [{"text": thoughts, "thought": True}] if thoughts else []
        answer = self._last(reason, counts, [*parts, {"text": text}] if text else parts)
        return b"[" + answer + b"]" if self.in_array else answer

    def error(self, kind: ErrorKind, *, said: str = "", retry_after: float = -1.0) -> ErrorAnswer:
        status, name, message = self.errors[kind]
        details: list[Any] = []
        if kind == "401":
            details = [
                {"@type": f"{TYPE}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {}},
                {"@type": f"{TYPE}LocalizedMessage", "locale": "en-US", "message": BAD_KEY},
            ]
        elif retry_after >= 0:
            details = [{"@type": f"{TYPE}RetryInfo", "retryDelay": f"{retry_after:g}s"}]
        return self._error(status, name, said or message, details)

    def _error(self, status: int, name: str, message: str, details: list[Any] | None = None) -> ErrorAnswer:
        error = {"code": status, "message": message, "status": name, **({"details": details} if details else {})}
        body = orjson.dumps({"error": error}, option=orjson.OPT_INDENT_2)
        return ErrorAnswer(status, b"[" + body + b"]" if self.in_array else body)

    def models(self) -> bytes | None:
        if not self.call.path.endswith("/models"):
            return None
        methods = ["generateContent"]
        return orjson.dumps({"models": [{"name": f"models/{MODEL}", "supportedGenerationMethods": methods}]})

    def _last(self, reason: EndReason, counts: Counts, parts: list[Any]) -> bytes:
        """The answer that has a finish reason; the only one where nothing is streamed."""
        usage = {
            "promptTokenCount": counts.prompt,
            "candidatesTokenCount": counts.text,
            "totalTokenCount": counts.total,
            **({"thoughtsTokenCount": counts.thoughts} if counts.thoughts else {}),
        }
        if reason == "filter" and not counts.output:
            blocked = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": usage, **self.tail}
            return orjson.dumps(blocked)
        candidate = {**self._candidate(parts), "finishReason": FINISH[reason]}
        return orjson.dumps({"candidates": [candidate], "usageMetadata": usage, **self.tail})

    def _candidate(self, parts: list[Any]) -> dict[str, Any]:
        content = {"parts": parts, "role": "model"} if parts else {"role": "model"}
        return {"content": content, "index": 0}

    def _event(self, candidate: dict[str, Any], usage: dict[str, int]) -> bytes:
        return b"data: " + orjson.dumps({"candidates": [candidate], "usageMetadata": usage, **self.tail}) + END_OF_EVENT


def _content(content: Any) -> str | list[dict[str, str]]:
    """A content as OpenAI would write it: a text, or a list of parts where it has pictures; Any: JSON."""
    parts = [part for part in content.get("parts") or () if isinstance(part, dict)]
    if all("inlineData" not in part for part in parts):
        return "\n".join(str(part.get("text", "")) for part in parts)
    return [
        {
            "type": "image",
            "media_type": part["inlineData"].get("mimeType", ""),
            "data": part["inlineData"].get("data", ""),
        }
        if "inlineData" in part
        else {"type": "text", "text": str(part.get("text", ""))}
        for part in parts
    ]
