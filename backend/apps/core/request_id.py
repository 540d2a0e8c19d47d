"""One id per request: accepted when well-formed, else made; in the answer, in every log line, and sent onwards."""

import logging
import re
from contextvars import ContextVar
from uuid import uuid4

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope

WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
current_request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIds:
    """ASGI layer that names each request before anything else sees it."""

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = given.decode() if WELL_FORMED.fullmatch(given) else uuid4().hex
        current_request_id.set(request_id)

        async def send_named(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [*event["headers"], (b"x-request-id", request_id.encode())]
            await send(event)

        await self.app(scope, receive, send_named)


class RequestIdFilter(logging.Filter):
    """Gives every log record the id of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(record, "request_id", None) or current_request_id.get()
        return True
