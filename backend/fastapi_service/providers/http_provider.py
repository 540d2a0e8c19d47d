"""What all adapters share, whatever their wire format: one POST per answer, whose body is read here as bytes."""

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import aiohttp
import httpx

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.errors import InvalidInput
from fastapi_service.core.http import open_client
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
from fastapi_service.providers.http_errors import (
    cut_off,
    empty,
    error_of_event,
    error_of_response,
    filtered,
    garbled,
    opening,
    reading,
)
from fastapi_service.providers.sse_json import EVENT_MAX_BYTES, GarbledStream, SseJson, json_object

DRAIN_SECONDS = 0.25
TAIL_SECONDS = 1.0  # what follows the reason of an end, usage and [DONE], follows at once
REFUSAL_MAX_BYTES = 64 * 1024
REFUSAL_SECONDS = 5.0
NO_USAGE = Usage()


@dataclass(slots=True)
class Ending:
    """What is known so far of an answer's end.

    `reason` is the API's own word, `filtered`: the API declined, `has_text`: a TextDelta was among the deltas,
    `done`: the stream said [DONE].
    """

    reason: str | None = None
    usage: Usage = NO_USAGE
    filtered: bool = False
    has_text: bool = False
    done: bool = False

    @property
    def known(self) -> bool:
        """Whether the answer is whole: what goes wrong from here on takes nothing from it."""
        return self.done or self.filtered or self.reason is not None


class HttpProvider(Provider):
    """A provider's life, streams and whole answers. An adapter says how to ask, and what one event means."""

    default_label: ClassVar[str] = ""
    default_base_url: ClassVar[str] = ""
    default_models: ClassVar[tuple[str, ...]] = ()
    default_context_tokens: ClassVar[int] = 8192
    finish_reasons: ClassVar[Mapping[str, FinishReason]]
    keep_alive: bool = True
    abilities = Abilities()

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        """Open the client, or take `http_client`; needs a running event loop."""
        self.label = self.default_label
        self.base_url = settings.base_url or self.default_base_url
        self.models = settings.models or self.default_models
        self.concurrency = settings.concurrency
        self.context_tokens = settings.context_tokens or self.default_context_tokens
        self.prompt_budget_tokens = self.context_tokens * 3 // 4  # the rest is for the answer
        self.http = http_client or open_client(self.base_url, connect_s=timeouts.connect_s, keep_alive=self.keep_alive)
        # Here, and not where answers are read, since an SDK would first read all of a refusal, which may have no end.
        self.http.event_hooks["response"].append(self._raise_refusal)

    @abstractmethod
    async def open_answer(self, prompt: Prompt, model: str, *, stream: bool) -> httpx.Response:
        """Ask once, and return the response with its body unread. Raises: ProviderError."""

    @abstractmethod
    def read_event(self, event: Mapping[str, Any], ending: Ending) -> Sequence[Delta]:  # Any: JSON
        """The deltas in one event of a stream, or in a whole answer; what it says of the end goes into `ending`.

        Raises: GarbledStream; a TypeError, AttributeError or LookupError means the same.
        """

    async def aclose(self) -> None:
        await self.http.aclose()

    async def model_for(self, requested: str | None) -> str:
        if requested is None:
            return self.models[0]
        if requested not in self.models:
            raise InvalidInput(f"{self.label} has no model of the name {requested!r} here.", code="unknown_model")
        return requested

    async def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        response = await self.open_answer(prompt, model, stream=True)
        # Not `aiter_raw`, which adds two generators per part. The stream's own iterator is one too, whatever httpx's
        # types say, and must be closed to let the socket go.
        raw = cast(AsyncGenerator[bytes, None], aiter(cast(httpx.AsyncByteStream, response.stream)))
        events, ending = SseJson(), Ending()
        async with reading(self, ended=lambda: ending.known), aclosing(response), aclosing(raw):
            async for part in raw:
                for data in events.feed(part):
                    for delta in self._deltas(json_object(data), ending):
                        yield delta
                ending.done = events.done
                if ending.known:
                    break
            for event in events.rest() if not ending.known else ():
                for delta in self._deltas(event, ending):
                    yield delta
            async with aclosing(self._tail(raw, events, ending)) as tail:
                async for delta in tail:
                    yield delta
        if not ending.known:
            raise cut_off(self)
        yield self.finished(ending)

    async def _tail(self, raw: AsyncIterator[bytes], events: SseJson, ending: Ending) -> AsyncGenerator[Delta, None]:
        """The deltas that follow a known end (hardly ever one), up to the body's end or a silence."""
        clock = asyncio.get_running_loop().time
        ends_at = clock() + TAIL_SECONDS
        while not events.done:
            async with asyncio.timeout_at(ends_at):
                part = await anext(raw, None)
            if part is None:
                return
            for data in events.feed(part):
                for delta in self._deltas(json_object(data), ending):
                    yield delta
                    ends_at = clock() + TAIL_SECONDS
        await _drain(raw)

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        response = await self.open_answer(prompt, model, stream=False)
        ending = Ending()
        async with reading(self), aclosing(response):
            deltas = self._deltas(json_object(await bounded_body(response)), ending)
        if not deltas and ending.reason is None and not ending.filtered:
            raise garbled(self)
        text = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
        reasoning = "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta))
        return Answer(text, reasoning, self.finished(ending))

    def finished(self, ending: Ending) -> Finished:
        """The end of an answer. Raises: ContentFiltered, BrokenStream for an answer without a word."""
        if ending.filtered:
            raise filtered(self)
        finish_reason = self.finish_reasons.get(ending.reason, "other") if ending.reason else "stop"
        if not ending.has_text and finish_reason != "length":
            raise empty(self)
        return Finished(finish_reason, ending.usage)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send what an SDK has built on our own client, once. Raises: ProviderError."""
        with opening(self):
            return await self.http.send(request, stream=True)

    async def _raise_refusal(self, response: httpx.Response) -> None:
        """What the client does with each response. Raises: ProviderError for one that is no success."""
        if response.is_success:
            return
        body = bytearray()
        with suppress(httpx.HTTPError, aiohttp.ClientError, OSError):  # the status says enough
            async with asyncio.timeout(REFUSAL_SECONDS):
                await _read(response, body, REFUSAL_MAX_BYTES)
        raise error_of_response(self, response.status_code, headers=response.headers, body=bytes(body))

    def _deltas(self, event: Mapping[str, Any], ending: Ending) -> Sequence[Delta]:
        if event.get("error"):
            raise error_of_event(self, event)
        try:
            return self.read_event(event, ending)
        except (TypeError, AttributeError, LookupError) as error:
            raise GarbledStream("an event of another shape") from error


def text_in(value: object) -> str:
    """Raises: GarbledStream where a text should be and is not."""
    if not isinstance(value, str):
        raise GarbledStream("content that is no text")
    return value


def count_in(value: object) -> int:
    """A number of tokens; 0 where there is none."""
    return value if isinstance(value, int) and value >= 0 else 0


async def bounded_body(response: httpx.Response) -> bytes:
    """A whole body, or the beginning of one that is longer than any answer, which `json_object` then refuses."""
    body = bytearray()
    await _read(response, body, EVENT_MAX_BYTES)
    return bytes(body)


async def _read(response: httpx.Response, into: bytearray, limit: int) -> None:
    """Read on until the end, or until there is more than `limit`."""
    async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_bytes())) as parts:
        async for part in parts:
            into += part
            if len(into) > limit:
                return


async def _drain(raw: AsyncIterator[bytes]) -> None:
    """Read to the body's end, which follows [DONE] closely: only then the connection can serve the next request."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in raw:
                pass
