"""Bodies as each of the APIs sends them, for a transport that answers as told."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx
import orjson
import pytest

from fastapi_service.providers.azure_openai import API_VERSION, AzureOpenAI
from fastapi_service.providers.deepseek import DeepSeek
from fastapi_service.providers.gemini import Gemini
from fastapi_service.providers.http_provider import HttpProvider
from fastapi_service.providers.huggingface import HuggingFace
from fastapi_service.providers.local import Local

Event = dict[str, Any]  # Any: JSON
BASE_URL = "http://provider.test"


class Wire(ABC):
    """One API's form of what all of them say; the ends of an answer are stop, length, filter and odd."""

    adapter: type[HttpProvider]
    ends: Mapping[str, str]
    done = b""

    @property
    def name(self) -> str:
        return self.adapter.name

    @abstractmethod
    def url(self, model: str, *, stream: bool) -> str: ...

    @abstractmethod
    def key_in(self, headers: httpx.Headers) -> str: ...

    @abstractmethod
    def text(self, text: object) -> Event: ...

    @abstractmethod
    def reasoning(self, text: str) -> Event: ...

    @abstractmethod
    def end(self, reason: str) -> Event: ...

    @abstractmethod
    def usage(self, input_tokens: int, output_tokens: int) -> Event: ...

    @abstractmethod
    def whole(self, text: str, *, reasoning: str = "", end: str = "stop") -> Event:
        """A whole answer of 7 tokens in and 2 out."""

    @abstractmethod
    def error(self, status: int, message: str, code: str | None = None) -> Event: ...

    @abstractmethod
    def of_another_shape(self) -> Sequence[Event]: ...

    def answer(self) -> list[Event]:
        return [self.text("Pho"), self.text("ton"), self.end("stop"), self.usage(7, 2)]

    def sse(self, events: Sequence[Event], *, done: bool = True, newline: bytes = b"\n") -> bytes:
        frames = [b"data: " + orjson.dumps(event) for event in events]
        if done and self.done:
            frames.append(self.done)
        return b"".join(frame + 2 * newline for frame in frames)


class ChatCompletionsWire(Wire):
    ends = {"stop": "stop", "length": "length", "filter": "content_filter", "odd": "tool_calls"}  # noqa: RUF012
    done = b"data: [DONE]"
    path = "/v1/chat/completions"

    def __init__(self, adapter: type[HttpProvider], path: str) -> None:
        self.adapter, self.path = adapter, path

    def url(self, model: str, *, stream: bool) -> str:
        return BASE_URL + self.path.format(model=model)

    def key_in(self, headers: httpx.Headers) -> str:
        return headers["authorization"].removeprefix("Bearer ")

    def text(self, text: object) -> Event:
        return self._chunk({"content": text})

    def reasoning(self, text: str) -> Event:
        return self._chunk({"reasoning_content": text, "content": None})

    def end(self, reason: str) -> Event:
        return self._chunk({}, self.ends[reason])

    def usage(self, input_tokens: int, output_tokens: int) -> Event:
        counts = {"prompt_tokens": input_tokens, "completion_tokens": output_tokens}
        return {"choices": [], "usage": {**counts, "total_tokens": input_tokens + output_tokens}}

    def whole(self, text: str, *, reasoning: str = "", end: str = "stop") -> Event:
        message = {"role": "assistant", "content": text, **({"reasoning_content": reasoning} if reasoning else {})}
        choice = {"index": 0, "message": message, "finish_reason": self.ends[end]}
        return {"choices": [choice], "usage": self.usage(7, 2)["usage"]}

    def error(self, status: int, message: str, code: str | None = None) -> Event:
        return {"error": {"message": message, "type": "some_error", "param": None, "code": code}}

    def of_another_shape(self) -> Sequence[Event]:
        return [{"choices": [1]}, {"choices": [{"delta": 1}]}, self.text(5), {"usage": 3}]

    def _chunk(self, delta: Event, end: str | None = None) -> Event:
        return {"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}


class AzureWire(ChatCompletionsWire):
    def key_in(self, headers: httpx.Headers) -> str:
        return headers["api-key"]

    def answer(self) -> list[Event]:
        verdict = {"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}
        return [{"choices": [], "prompt_filter_results": [verdict]}, *super().answer()]


class GeminiWire(Wire):
    adapter = Gemini
    ends = {"stop": "STOP", "length": "MAX_TOKENS", "filter": "SAFETY", "odd": "OTHER"}  # noqa: RUF012

    def url(self, model: str, *, stream: bool) -> str:
        method = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return f"{BASE_URL}/v1beta/models/{model}:{method}"

    def key_in(self, headers: httpx.Headers) -> str:
        return headers["x-goog-api-key"]

    def text(self, text: object) -> Event:
        return self._candidate([{"text": text}])

    def reasoning(self, text: str) -> Event:
        return self._candidate([{"text": text, "thought": True}])

    def end(self, reason: str) -> Event:
        return {"candidates": [{"finishReason": self.ends[reason], "index": 0}]}

    def usage(self, input_tokens: int, output_tokens: int) -> Event:
        counts = {"promptTokenCount": input_tokens, "candidatesTokenCount": output_tokens - 1, "thoughtsTokenCount": 1}
        return {"usageMetadata": counts}

    def whole(self, text: str, *, reasoning: str = "", end: str = "stop") -> Event:
        thoughts = [{"text": reasoning, "thought": True}] if reasoning else []
        candidate = self._candidate([*thoughts, {"text": text}])["candidates"][0]
        return {"candidates": [{**candidate, "finishReason": self.ends[end]}], **self.usage(7, 2)}

    def error(self, status: int, message: str, code: str | None = None) -> Event:
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code}] if code else []
        return {"error": {"code": status, "message": message, "status": "UNKNOWN", "details": details}}

    def of_another_shape(self) -> Sequence[Event]:
        return [{"candidates": [1]}, {"candidates": [{"content": 1}]}, self.text(5), {"usageMetadata": 3}]

    def _candidate(self, parts: list[Event]) -> Event:
        return {"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0}]}


WIRES: tuple[Wire, ...] = (
    AzureWire(AzureOpenAI, "/openai/deployments/{model}/chat/completions?api-version=" + API_VERSION),
    ChatCompletionsWire(DeepSeek, "/chat/completions"),
    GeminiWire(),
    ChatCompletionsWire(HuggingFace, "/v1/chat/completions"),
    ChatCompletionsWire(Local, "/chat/completions"),
)


BY_NAME = {each.name: each for each in WIRES}


def only(*names: str) -> pytest.MarkDecorator:
    """Run a test for these adapters alone."""
    return pytest.mark.parametrize("wire", [BY_NAME[name] for name in names], indirect=True, ids=names)


class Parts(httpx.AsyncByteStream):
    """A body that arrives in given parts, and may fail after them."""

    def __init__(self, parts: Sequence[bytes], error: Exception | None = None) -> None:
        self._parts = parts
        self._error = error
        self.closed = False
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            self.read += 1
            yield part
        if self._error:
            raise self._error

    async def aclose(self) -> None:
        self.closed = True
