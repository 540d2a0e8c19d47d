"""Bounds every body before Django sees it: its handler would spool a whole one to disk, on the event loop.

A layer of its own, since Django reads the body before any middleware or view can refuse it.
"""

import asyncio
from dataclasses import dataclass, field
from time import monotonic

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, Scope
from django.conf import settings
from django.http import HttpResponse

from apps.core.errors import ApiError, PayloadTooLarge, UnsupportedType
from apps.core.problems import problem_response
from apps.core.request_id import current_request_id

MULTIPART_OVERHEAD_BYTES = 128 * 1024  # boundaries, headers and the text fields beside the files
TOO_SLOW = "Your message arrived too slowly; please send it again."
FILE_ROUTES = {  # and their settings
    "/api/chat/file/": "UPLOAD_MAX_BYTES",
    "/api/documents/": "UPLOAD_MAX_BYTES",
    "/api/account/import/": "ARCHIVE_MAX_BYTES",
}


@dataclass(frozen=True)
class BodyRule:
    """What a route takes: its content type, size and time."""

    content_type: str
    max_bytes: int
    total_s: float


def rule_of(path: str) -> BodyRule | None:
    """The rule for a route of the API; Django's own pages have none but the size."""
    if path in FILE_ROUTES:
        limit = getattr(settings, FILE_ROUTES[path]) + MULTIPART_OVERHEAD_BYTES
        return BodyRule("multipart/form-data", limit, settings.BODY_TOTAL_SECONDS)
    if path.startswith("/api/"):
        return BodyRule("application/json", settings.JSON_BODY_MAX_BYTES, 60)
    return None


class RequestLimits:
    """ASGI layer: 413 by `Content-Length` or while reading, 415 by type, 408 when a body trickles."""

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        rule = rule_of(scope["path"]) or BodyRule("", settings.DATA_UPLOAD_MAX_MEMORY_SIZE, 60)
        headers = dict(scope["headers"])
        try:
            limit = _admit(rule, headers)
        except ApiError as error:
            return await _refuse(error, send)
        body = _BoundedBody(receive, rule=rule, limit_bytes=limit)
        await self.app(scope, body.receive, send)
        if body.error:
            await _refuse(body.error, send)


def _admit(rule: BodyRule, headers: dict[bytes, bytes]) -> int:
    """Return how many bytes may come. Raises: UnsupportedType, PayloadTooLarge."""
    declared = headers.get(b"content-length", b"")
    if not (headers.get(b"transfer-encoding") or declared.strip(b"0")):
        return 0
    content_type = headers.get(b"content-type", b"").split(b";")[0].strip().lower().decode("latin-1")
    if rule.content_type and content_type != rule.content_type:
        raise UnsupportedType(f"Send this as {rule.content_type}, not as {content_type or 'nothing named'}.")
    if not declared:
        return min(rule.max_bytes, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
    if not declared.isdigit() or int(declared) > rule.max_bytes:
        raise _too_large(rule.max_bytes)
    return int(declared)


def _too_large(limit_bytes: int) -> PayloadTooLarge:
    return PayloadTooLarge(
        f"This is too large: at most {limit_bytes / 2**20:.1f} MB are taken here. Nothing was saved.",
        limit_bytes=limit_bytes,
    )


@dataclass
class _BoundedBody:
    """Reads the body through; past a bound, Django sees a client that went away, and `error` says why."""

    wrapped: ASGIReceiveCallable
    rule: BodyRule
    limit_bytes: int
    error: ApiError | None = None
    _read: int = 0
    _whole: bool = False
    _started: float = field(default_factory=monotonic)

    async def receive(self) -> ASGIReceiveEvent:
        if self._whole:
            return await self.wrapped()
        left_s = min(settings.BODY_IDLE_SECONDS, self._started + self.rule.total_s - monotonic())
        try:
            async with asyncio.timeout(max(left_s, 0)):
                event = await self.wrapped()
        except TimeoutError:
            return self._end(ApiError(TOO_SLOW, code="request_timeout", status=408))
        if event["type"] == "http.request":
            self._read += len(event.get("body", b""))
            self._whole = not event.get("more_body", False)
            if self._read > self.limit_bytes:
                return self._end(_too_large(self.limit_bytes))
        return event

    def _end(self, error: ApiError) -> ASGIReceiveEvent:
        self.error = error
        self._whole = True
        return {"type": "http.disconnect"}


async def _refuse(error: ApiError, send: ASGISendCallable) -> None:
    """Answer at once and close: the rest of the body is not read."""
    response: HttpResponse = problem_response(error, request_id=current_request_id.get())
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": [*headers, (b"connection", b"close"), (b"content-length", str(len(response.content)).encode())],
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": response.content, "more_body": False})
