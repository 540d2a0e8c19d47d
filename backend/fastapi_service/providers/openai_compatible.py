"""The mapping shared by all servers that speak OpenAI's chat completions.

Source: OpenAI API reference, "Create chat completion" and its streaming events.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any, ClassVar, cast

import httpx
import orjson
from openai import AsyncOpenAI, AsyncStream

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import InvalidInput, ProviderUnavailable
from fastapi_service.core.http import open_client
from fastapi_service.core.request_log import current_request_id
from fastapi_service.providers.base import (
    Abilities,
    Answer,
    Delta,
    Finished,
    FinishReason,
    Prompt,
    Provider,
    ReasoningDelta,
    TextDelta,
    Timeouts,
    Usage,
)
from fastapi_service.providers.openai_errors import cut_off, error_of_event, filtered, garbled, map_errors
from fastapi_service.providers.sse_json import GarbledStream, sse_json

NO_KEY = "none"  # servers without keys ignore it; the SDK insists on one
DRAIN_SECONDS = 0.25
FINISH_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "length": "length"}


class OpenAICompatible(Provider):
    """A server that speaks OpenAI's chat completions. Subclasses say who and what; the how is here."""

    default_base_url: ClassVar[str] = ""
    default_models: ClassVar[tuple[str, ...]] = ()
    default_context_tokens: ClassVar[int] = 8192
    default_label: ClassVar[str] = ""
    keep_alive: bool = True
    abilities = Abilities(stream=True, json_schema=True)

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        """Open the client, or take `http_client`; needs a running event loop."""
        base_url = settings.base_url or self.default_base_url
        self.label = self.default_label
        self.models = settings.models or self.default_models
        self.concurrency = settings.concurrency
        self.context_tokens = settings.context_tokens or self.default_context_tokens
        self.prompt_budget_tokens = self.context_tokens * 3 // 4  # the rest is for the answer
        self._http = http_client or open_client(base_url, connect_s=timeouts.connect_s, keep_alive=self.keep_alive)
        # The SDK is typed for httpx2 only, and takes a client of httpx as well (its `is_legacy_httpx_async_client`).
        self._sdk = AsyncOpenAI(
            api_key=settings.api_key or NO_KEY, base_url=base_url, max_retries=0, http_client=cast(Any, self._http)
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def model_for(self, requested: str | None) -> str:
        if requested is None:
            return self.models[0]
        if requested not in self.models:
            raise InvalidInput(f"{self.label} has no model of the name {requested!r} here.", code="unknown_model")
        return requested

    async def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        body = {**self.request_body(prompt, model), "stream": True, "stream_options": {"include_usage": True}}
        with map_errors(self.name, self.label):
            async with self._post(body) as response:
                # httpx types it as an iterator; it is a generator, and must be closed to let the socket go.
                raw = cast(AsyncGenerator[bytes, None], response.aiter_raw())
                async with aclosing(raw), aclosing(self._deltas(raw)) as deltas:
                    async for delta in deltas:
                        yield delta

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        with map_errors(self.name, self.label):
            async with self._post(self.request_body(prompt, model)) as response:
                body = await response.aread()
        try:
            answer = orjson.loads(body)
            choice = answer["choices"][0]
            deltas = list(self.map_delta(choice["message"]))
        except (GarbledStream, orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
            raise garbled(self.name, self.label) from error
        text = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
        reasoning = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
        return Answer(text, reasoning, self._finished(choice.get("finish_reason"), answer.get("usage"), bool(text)))

    def request_body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """What is posted; Any: it is JSON."""
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
        }
        if prompt.temperature is not None:
            body["temperature"] = prompt.temperature
        if prompt.max_output_tokens is not None:
            body["max_tokens"] = prompt.max_output_tokens
        if prompt.response_schema is not None:
            schema = {"name": "answer", "strict": True, "schema": prompt.response_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def map_delta(self, delta: Mapping[str, Any]) -> Iterator[Delta]:
        """The deltas in one chunk's `delta`, or in a whole answer's `message`."""
        # Thinking comes in a field of its own (DeepSeek and vLLM name it one way, Ollama the other), never as answer.
        if thought := delta.get("reasoning_content") or delta.get("reasoning"):
            yield ReasoningDelta(str(thought))
        if text := delta.get("content"):
            if not isinstance(text, str):
                raise GarbledStream("content that is no text")
            yield TextDelta(text)

    @asynccontextmanager
    async def _post(self, body: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """The answer to a request, its body unread; leaving the block closes the socket.

        The SDK's `chat.completions.create` would first walk through the whole prompt: 1 ms for one message, and
        more with each. Its `post` leaves that out, and builds, authenticates and names errors all the same.
        """
        response = await self._sdk.post(
            "/chat/completions",
            cast_to=httpx.Response,
            body=body,
            options={"headers": {"X-Request-ID": current_request_id.get()}},
            stream=True,
            stream_cls=AsyncStream[Any],  # asked for, but not used: `cast_to` gives the response itself
        )
        unread = cast(httpx.Response, response)
        try:
            yield unread
        finally:
            await unread.aclose()

    async def _deltas(self, raw: AsyncIterator[bytes]) -> AsyncGenerator[Delta, None]:
        finish_reason: str | None = None
        usage: Any = None  # JSON of somebody else's making
        has_text = done = False
        async for event in sse_json(raw):
            if event is None:
                done = True
                break
            if event.get("error"):
                raise error_of_event(self.name, self.label, event)
            usage = event.get("usage") or usage
            deltas, reason = self._map_event(event)
            finish_reason = reason or finish_reason
            for delta in deltas:
                has_text = has_text or isinstance(delta, TextDelta)
                yield delta
        if done:
            await _drain(raw)
        elif finish_reason is None:
            raise cut_off(self.name, self.label)
        yield self._finished(finish_reason, usage, has_text)

    def _map_event(self, event: Mapping[str, Any]) -> tuple[list[Delta], str | None]:
        """The deltas of one event, and why it says that the answer ended. Raises: GarbledStream."""
        deltas: list[Delta] = []
        reason: str | None = None
        try:
            for choice in event.get("choices") or ():
                deltas.extend(self.map_delta(choice.get("delta") or {}))
                reason = choice.get("finish_reason") or reason
        except (TypeError, AttributeError) as error:
            raise GarbledStream("an event of another shape") from error
        return deltas, reason

    def _finished(self, reason: str | None, usage: Any, has_text: bool) -> Finished:
        """The end of an answer. Raises: ContentFiltered, ProviderUnavailable for an answer without a word."""
        if reason == "content_filter":
            raise filtered(self.name, self.label)
        finish_reason = FINISH_REASONS.get(reason or "stop", "other")
        if not has_text and finish_reason != "length":
            raise ProviderUnavailable(
                f"{self.label} sent an empty answer. Please try again.",
                provider=self.name,
                reason="empty",
                retryable=True,
            )
        counts = usage if isinstance(usage, dict) else {}
        return Finished(
            finish_reason, Usage(_count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens")))
        )


async def _drain(raw: AsyncIterator[bytes]) -> None:
    """Read to the body's end, which follows [DONE] closely: only then the connection can serve the next request."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in raw:
                pass


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
