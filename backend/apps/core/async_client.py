"""The one client for all calls to the worker, and those calls.

`httpx.AsyncClient` on aiohttp's pooled transport: httpx's own loses pool slots when requests are cancelled (httpcore
issue 1093), which is what every stop button does. A stream has a connection of its own: see streamed_reply.py.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal

import aiohttp
import httpx
import orjson
from django.conf import settings
from httpx_aiohttp import AiohttpTransport

from apps.core.errors import ApiError, ProviderError, Unavailable
from apps.core.sse import cut
from apps.core.streamed_reply import STREAMED, Reply, ReplyBroken, StreamedReplies, reply_of

MODELS_FRESH_SECONDS = 10.0
LOOK_SECONDS = 0.2  # between two looks for a worker that is away
RETRY_AFTER_SECONDS = 5
WORKER_AWAY = "The part that talks to the models is not reachable just now. Your question is saved; try again shortly."
NO_VECTORS = "embeddings_unavailable"
NO_VECTORS_NOW = "The search by meaning is not reachable just now; files are searched by their words meanwhile."


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One unit vector for each text, in their order, and the model that they are of."""

    model: str
    dimension: int
    vectors: list[list[float]]


@dataclass
class Worker:
    """Typed calls to the worker. It opens with the application's lifespan and closes with it."""

    client: httpx.AsyncClient
    fresh_client: httpx.AsyncClient  # a new connection for each request
    _models: dict[str, Any] = field(default_factory=dict)
    _models_until: float = 0.0
    _looking: asyncio.Task[None] | None = None

    async def stream(self, prompt: dict[str, Any], *, request_id: str) -> AsyncGenerator[bytes, None]:
        """POST /chatbot/stream: whole frames; closing it closes the socket, which cancels the provider's request.

        Raises: Unavailable (worker away), ProviderError (with the worker's own code and status).
        """
        try:
            with closing(await self._ask(prompt, request_id=request_id)) as reply:
                del prompt  # it may be long, and the answer too
                if reply.status != HTTPStatus.OK:
                    raise _worker_error(reply.status, await reply.read_whole())
                rest = b""
                while received := await reply.read():
                    whole, rest = cut(rest + received)
                    for frame in whole:
                        yield frame
        except ReplyBroken as error:
            raise Unavailable(WORKER_AWAY, code="worker_unavailable", retry_after_s=RETRY_AFTER_SECONDS) from error

    async def _ask(self, prompt: dict[str, Any], *, request_id: str) -> Reply:
        return reply_of(
            await self._send("POST", "/chatbot/stream", request_id=request_id, body=prompt, extensions=STREAMED)
        )

    async def answer(self, prompt: dict[str, Any], *, request_id: str) -> dict[str, Any]:
        """POST /chatbot: the whole answer as `response`, and what it took; a caller that is cancelled cancels it.

        Raises: Unavailable (worker away), ProviderError (with the worker's own code and status).
        """
        response = await self._send("POST", "/chatbot", request_id=request_id, body=prompt)
        if response.is_error:
            raise _worker_error(response.status_code, response.content)
        reply: dict[str, Any] = orjson.loads(response.content)
        return reply

    async def models(self, *, request_id: str = "") -> dict[str, Any]:
        """GET /models, at most MODELS_FRESH_SECONDS old. Raises: Unavailable, ProviderError."""
        if time.monotonic() >= self._models_until:
            response = await self._send("GET", "/models", request_id=request_id)
            if response.is_error:
                raise _worker_error(response.status_code, response.content)
            self._models = orjson.loads(response.content)
            self._models_until = time.monotonic() + MODELS_FRESH_SECONDS
        return self._models

    async def embeddings(
        self, texts: Sequence[str], *, kind: Literal["query", "passage"], timeout_s: float, request_id: str = ""
    ) -> Embeddings:
        """POST /embeddings; a caller that is cancelled cancels it.

        Raises: Unavailable (worker or model away, busy, not set up, or not ready within `timeout_s`), ProviderError.
        """
        body = {"texts": list(texts), "kind": kind}
        try:
            async with asyncio.timeout(timeout_s):
                response = await self._send(
                    "POST", "/embeddings", request_id=request_id, body=body, read_timeout_s=timeout_s
                )
        except TimeoutError as error:
            raise _no_vectors_now(RETRY_AFTER_SECONDS) from error
        if response.is_error:
            problem = _worker_error(response.status_code, response.content)
            raise _no_vectors_now(problem.retry_after_s) if problem.code == NO_VECTORS else problem
        return Embeddings(**orjson.loads(response.content))

    async def back(self, *, within_s: float) -> None:
        """Return when the worker answers again, or after `within_s`; all who wait share one look for it."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="worker")
        await asyncio.wait({self._looking}, timeout=within_s)

    async def _look(self) -> None:
        while True:
            try:
                if (await self._send("GET", "/health", request_id="")).is_success:
                    return
            except Unavailable:
                pass  # that is what is waited out
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        await self.client.aclose()
        await self.fresh_client.aclose()

    async def _send(
        self,
        method: str,
        path: str,
        *,
        request_id: str,
        body: dict[str, Any] | None = None,
        read_timeout_s: float | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """Send once, and once more on a new connection when a pooled one died before the answer's first byte.

        `read_timeout_s` in place of the client's own, for an answer that sends nothing until it is there.
        """
        timeout = self.client.timeout.as_dict()
        if read_timeout_s is not None:
            timeout["read"] = read_timeout_s
        request = self.client.build_request(
            method,
            path,
            content=None if body is None else orjson.dumps(body),
            headers={"content-type": "application/json", "x-request-id": request_id},
            timeout=httpx.Timeout(**timeout),
            extensions=extensions,
        )
        try:
            try:
                return await self.client.send(request)
            except httpx.TransportError as error:
                if not _died_in_the_pool(error.__cause__):
                    raise
                return await self.fresh_client.send(request)
        except httpx.HTTPError as error:
            raise Unavailable(WORKER_AWAY, code="worker_unavailable", retry_after_s=RETRY_AFTER_SECONDS) from error


def _died_in_the_pool(error: BaseException | None) -> bool:
    """Of aiohttp's connection errors all but two mean a pooled connection that the worker had closed."""
    return isinstance(error, aiohttp.ClientConnectionError) and not isinstance(
        error, aiohttp.ClientConnectorError | aiohttp.ServerTimeoutError
    )


def _no_vectors_now(retry_after_s: int | None) -> Unavailable:
    return Unavailable(NO_VECTORS_NOW, code=NO_VECTORS, retry_after_s=retry_after_s)


def _worker_error(status: int, body: bytes) -> ApiError:
    """What the worker's problem document says, as ours; a 401 is our own fault and stays inside."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = {}
    if status == 401 or not isinstance(said, dict) or "code" not in said:
        return Unavailable(
            "Gateway and worker do not agree; the operator should compare FASTAPI_SECRET on both sides.",
            code="worker_misconfigured",
        )
    return error_of(said)


def error_of(problem: dict[str, Any], **details: Any) -> ProviderError:
    """A problem document as an error that can be raised or told here, with more `details` (JSON)."""
    return ProviderError(
        str(problem.get("detail", "The model could not answer.")),
        code=str(problem.get("code", ProviderError.code)),
        status=int(problem.get("status", ProviderError.status)),
        retry_after_s=problem.get("retry_after_s"),
        **details,
    )


_worker: Worker | None = None


def worker() -> Worker:
    """The client of this process."""
    if _worker is None:
        raise RuntimeError("the worker's client is opened by the ASGI lifespan, which has not started")
    return _worker


async def open_worker() -> None:
    """Open the pool; called once, when the application starts."""
    global _worker

    limit = settings.WORKER_MAX_CONNECTIONS
    _worker = Worker(
        client=_client(lambda: aiohttp.TCPConnector(limit=limit, keepalive_timeout=settings.WORKER_KEEPALIVE_SECONDS)),
        fresh_client=_client(lambda: aiohttp.TCPConnector(limit=limit, force_close=True)),
    )


def _client(connector: Callable[[], aiohttp.TCPConnector]) -> httpx.AsyncClient:
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(connector=connector(), auto_decompress=False)

    return httpx.AsyncClient(
        base_url=settings.FASTAPI_BASE_URL,
        transport=StreamedReplies(AiohttpTransport(client=session)),
        headers={"X-Internal-Secret": settings.FASTAPI_SECRETS[0], "accept-encoding": "identity"},
        timeout=httpx.Timeout(settings.WORKER_READ_TIMEOUT_SECONDS, connect=settings.WORKER_CONNECT_TIMEOUT_SECONDS),
    )


async def close_worker() -> None:
    """Close the pool; called once, when the application ends."""
    global _worker
    if _worker is not None:
        await _worker.close()
        _worker = None
