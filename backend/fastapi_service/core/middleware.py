"""Plain ASGI layers in front of every route: request ids and problem documents, the internal secret, the body limit.

Starlette's BaseHTTPMiddleware would cost a task and a queue per request, and stands between a stream and its client.
"""

import asyncio
import hmac
import logging
import time
from collections.abc import Sequence
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fastapi_service.core.errors import (
    PROBLEM_TYPE,
    UNEXPECTED,
    ApiError,
    ClientGone,
    PayloadTooLarge,
    RequestTimeout,
    Unauthorized,
    problem,
)
from fastapi_service.core.request_log import begin_request, logger, request_id_from

SECRET_HEADER = "X-Internal-Secret"  # noqa: S105  the header's name
OPEN_ROUTE = ("GET", "/health")
BODY_MAX_BYTES = 6 * 1024 * 1024  # a long conversation, or a few photos
BODY_SECONDS = 60.0


async def send_problem(send: Send, error: ApiError, *, request_id: str) -> None:
    """Answer with the problem document, with `Retry-After` (s) where waiting helps."""
    body = orjson.dumps(problem(error, request_id=request_id))
    headers = [(b"content-type", PROBLEM_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    if error.retry_after_s:
        headers.append((b"retry-after", str(error.retry_after_s).encode()))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class NamedSend:
    """`send` with the request's id in the answer's headers; remembers the status, 0 before the answer began."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._header = (b"x-request-id", request_id.encode())
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", ()), self._header]
        await self._send(message)


class RequestContext:
    """Outermost: names the request, logs it once, and turns whatever escapes into a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_from(Headers(scope=scope).get("x-request-id", "").encode("latin-1"))
        facts = begin_request(request_id)
        started = time.monotonic()
        named_send = NamedSend(send, request_id)
        try:
            await self.app(scope, receive, named_send)
        except ClientGone:
            facts["outcome"] = "client_gone"
        except Exception as error:
            if not isinstance(error, ApiError):
                logger.exception("unexpected error")
            if not named_send.status:
                told = error if isinstance(error, ApiError) else ApiError(UNEXPECTED)
                await send_problem(named_send, told, request_id=request_id)
        finally:
            _log_request(scope, named_send.status, started, facts)


def _log_request(scope: Scope, status: int, started: float, facts: dict[str, Any]) -> None:
    level = logging.DEBUG if scope["path"] == "/health" else logging.INFO
    ms = round((time.monotonic() - started) * 1000)
    line = {"method": scope["method"], "path": scope["path"], "status": status, "ms": ms, **facts}
    logger.log(level, "request", extra={"facts": line})


class InternalSecret:
    """Lets through who knows one of the secrets; `GET /health` is open."""

    def __init__(self, app: ASGIApp, *, secrets: Sequence[str]) -> None:
        self.app = app
        self._secrets = [secret.encode() for secret in secrets]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) != OPEN_ROUTE:
            given = Headers(scope=scope).get(SECRET_HEADER, "").encode("latin-1")
            # Every secret is compared, so that the time says nothing about which one was near.
            matches = [hmac.compare_digest(given, secret) for secret in self._secrets]
            if not any(matches):
                raise Unauthorized(f"The header {SECRET_HEADER} is missing or wrong.")
        await self.app(scope, receive, send)


class BoundedBody:
    """A body that is counted and timed while it is read; where it is too much or too slow, the connection is closed.

    Without that the server would go on to read, and drop, whatever the client still sends.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._received_bytes = 0
        self._whole = False
        self._refused = False
        self._deadline = time.monotonic() + BODY_SECONDS

    async def receive(self) -> Message:
        """Raises: PayloadTooLarge above BODY_MAX_BYTES, RequestTimeout when it is not whole after BODY_SECONDS."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(max(self._deadline - time.monotonic(), 0)):
                message = await self._receive()
        except TimeoutError:
            self._refused = True
            raise RequestTimeout(f"The body has not arrived within {BODY_SECONDS:g} seconds.") from None
        self._received_bytes += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._received_bytes > BODY_MAX_BYTES:
            self._refused = True
            raise _too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._refused:
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await self._send(message)


class BodyLimit:
    """Refuses a body above BODY_MAX_BYTES, by its declared length or while it is read, and one that trickles."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > BODY_MAX_BYTES:
            raise _too_large()
        body = BoundedBody(receive, send)
        await self.app(scope, body.receive, body.send)


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge(f"The prompt is larger than the limit of {BODY_MAX_BYTES // 1024} KiB.")
