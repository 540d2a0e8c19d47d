"""Texts to vectors, by any OpenAI-compatible server at EMBEDDINGS_BASE_URL: the embedded model's, Ollama, a vendor's.

Source: OpenAI API reference, "Create embeddings"; `input_type` is a member of the embedded model alone.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, cast

import aiohttp
import httpx
import orjson

from fastapi_service.core.config import EmbeddingsSettings
from fastapi_service.core.errors import ApiError, EmbeddingsFailed, EmbeddingsUnavailable
from fastapi_service.core.http import open_client
from fastapi_service.core.request_log import current_request_id

Kind = Literal["query", "passage"]
ANSWER_MAX_BYTES = 16 * 1024 * 1024  # 64 vectors of 4,096 numbers, each of 20 characters, are 5 MB
DIMENSION_MAX = 8192
RETRY_PAUSE_SECONDS = 0.25  # a server that is started anew listens again by then, or takes longer
RETRY_AFTER_SECONDS = 5
RETRY_AFTER_MAX_SECONDS = 3600
LOOK_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 10.0
BUSY_STATUSES = frozenset({408, 409, 425, 429, 503, 529})
REFUSED_STATUSES = frozenset({401, 403})
AWAY = "The search by meaning is not reachable just now; files are searched by their words meanwhile."
NOT_SET_UP = "There is no model for the search by meaning here; files are searched by their words."
MISCONFIGURED = "The embedding model refuses our key; the operator should check EMBEDDINGS_API_KEY."
GARBLED = "The embedding model gave an answer that cannot be read."
REFUSED = "The embedding model could not read these texts."


@dataclass(frozen=True, slots=True)
class Vectors:
    """One unit vector for each text, in their order."""

    model: str
    dimension: int
    vectors: list[list[float]]


class Embeddings:
    """The one client for that server. It opens within the event loop's life and closes there."""

    def __init__(self, settings: EmbeddingsSettings, *, connect_s: float) -> None:
        self._settings = settings
        self._http = open_client(settings.base_url, connect_s=connect_s, keep_alive=True)
        self._dimension: int | None = None
        self._look_from = 0.0

    @property
    def model(self) -> str:
        return self._settings.model

    async def aclose(self) -> None:
        await self._http.aclose()

    async def dimension(self) -> int | None:
        """Of its vectors; a server that has not answered yet is asked for a word's. None while it is away."""
        if self._dimension is None and time.monotonic() >= self._look_from:
            self._look_from = time.monotonic() + LOOK_AGAIN_SECONDS
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.embed(["word"], kind="query")
            except (ApiError, TimeoutError):
                return None
        return self._dimension

    async def embed(self, texts: Sequence[str], *, kind: Kind) -> Vectors:
        """The vectors of `texts`; cancelling it closes the connection.

        Raises: EmbeddingsUnavailable (away, busy, too slow), EmbeddingsFailed (refused, or no such answer).
        """
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                answer = await self._ask(self._body(texts, kind))
        except (TimeoutError, httpx.HTTPError, aiohttp.ClientError, OSError) as error:
            raise EmbeddingsUnavailable(AWAY, retry_after_s=RETRY_AFTER_SECONDS) from error
        found = _vectors_in(answer, count=len(texts))
        self._dimension = len(found[0])
        return Vectors(self.model, self._dimension, found)

    def _body(self, texts: Sequence[str], kind: Kind) -> dict[str, Any]:  # Any: JSON
        # Others might refuse a member that they do not know.
        own = {"input_type": kind} if self._settings.embedded else {}
        return {"model": self.model, "input": list(texts), "encoding_format": "float", **own}

    async def _ask(self, body: dict[str, Any]) -> bytes:
        """One answer's body; who cannot be connected to is tried once more. Raises: as `embed`, httpx.HTTPError."""
        try:
            return await self._post(body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            await asyncio.sleep(RETRY_PAUSE_SECONDS)
            return await self._post(body)

    async def _post(self, body: dict[str, Any]) -> bytes:
        headers = {"content-type": "application/json", "x-request-id": current_request_id.get()}
        if self._settings.api_key:
            headers["authorization"] = f"Bearer {self._settings.api_key}"
        url = f"{self._settings.base_url}/embeddings"
        request = self._http.build_request("POST", url, content=orjson.dumps(body), headers=headers)
        async with aclosing(await self._http.send(request, stream=True)) as response:
            if not response.is_success:
                raise _refusal(response)
            return await _bounded_body(response)


def no_embeddings() -> EmbeddingsUnavailable:
    """What is told where no server is set up."""
    return EmbeddingsUnavailable(NOT_SET_UP)


def _refusal(response: httpx.Response) -> ApiError:
    """By the status alone: what a server says may quote the texts."""
    if response.status_code in REFUSED_STATUSES:
        return EmbeddingsUnavailable(MISCONFIGURED)
    if response.status_code in BUSY_STATUSES:
        given = response.headers.get("retry-after", "")
        wait_s = int(given) if given.isdecimal() and len(given) < 6 else RETRY_AFTER_SECONDS
        return EmbeddingsUnavailable(AWAY, retry_after_s=min(max(wait_s, 1), RETRY_AFTER_MAX_SECONDS))
    return EmbeddingsFailed(REFUSED if response.is_client_error else GARBLED)


async def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async with aclosing(cast(AsyncGenerator[bytes, None], response.aiter_bytes())) as parts:
        async for part in parts:
            body += part
            if len(body) > ANSWER_MAX_BYTES:
                raise EmbeddingsFailed(GARBLED)
    return bytes(body)


def _vectors_in(answer: bytes, *, count: int) -> list[list[float]]:
    """`count` unit vectors of one dimension, by their `index`. Raises: EmbeddingsFailed."""
    try:
        data = orjson.loads(answer)["data"]
        found = {int(each["index"]): [float(number) for number in each["embedding"]] for each in data}
    except (ValueError, TypeError, LookupError, OverflowError) as error:
        raise EmbeddingsFailed(GARBLED) from error
    if len(data) != count or sorted(found) != list(range(count)):
        raise EmbeddingsFailed(GARBLED)
    vectors = [_unit(found[index]) for index in range(count)]
    if len({len(vector) for vector in vectors}) != 1 or not 1 <= len(vectors[0]) <= DIMENSION_MAX:
        raise EmbeddingsFailed(GARBLED)
    return vectors


def _unit(vector: list[float]) -> list[float]:
    """Raises: EmbeddingsFailed for one that has no direction."""
    length = math.hypot(*vector)
    if not (0 < length < math.inf):
        raise EmbeddingsFailed(GARBLED)
    return [number / length for number in vector]
