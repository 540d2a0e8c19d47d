"""The fake provider as a plain ASGI application: no framework, so that it stays cheap beside what it measures."""

import asyncio
import contextlib
from typing import Any

import orjson
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from fake_provider.answer import answer_streamed, answer_whole
from fake_provider.directive import STATUS_FAULTS, DirectiveError, Script, read_directive
from fake_provider.http import Connection
from fake_provider.log import Entry, RequestLog
from fake_provider.wire import MODEL, error_body


class FakeProvider:
    """`POST /v1/chat/completions`, `GET /v1/models`, and `GET` and `DELETE /log`."""

    def __init__(self, defaults: Script | None = None) -> None:
        self.defaults = defaults or Script()
        self.log = RequestLog()

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the fake provider speaks HTTP only")
        connection = Connection(receive, send)
        match scope["method"], scope["path"]:
            case "GET", "/v1/models":
                models = {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "fake"}]}
                await connection.respond(200, orjson.dumps(models))
            case "GET", "/log":
                await connection.respond(200, orjson.dumps(self.log.as_json()))
            case "DELETE", "/log":
                self.log.clear()
                await connection.respond(204, b"")
            case "POST", path if path.endswith("/chat/completions"):
                await self._complete(scope, connection)
            case _:
                await connection.respond(404, error_body("no such route", "not_found"))

    async def _complete(self, scope: HTTPScope, connection: Connection) -> None:
        try:
            body = orjson.loads(await connection.read())
            entry = self.log.add(path=scope["path"], headers=dict(scope["headers"]), body=body)
            entry.directive, script = read_directive(entry.messages, self.defaults)
        except (orjson.JSONDecodeError, DirectiveError) as error:
            await connection.respond(400, error_body(str(error), "bad_request"))
            return
        answering = asyncio.create_task(self._answer(body, entry, script, connection))
        leaving = asyncio.create_task(connection.closed_by_client())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            entry.close("server" if answering.done() else "client")
            for task in (answering, leaving):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _answer(self, body: dict[str, Any], entry: Entry, script: Script, connection: Connection) -> None:
        if script.fault in STATUS_FAULTS:
            headers = {}
            if script.retry_after >= 0:
                headers["retry-after"] = f"{script.retry_after:g}"
            await connection.respond(int(script.fault), error_body("a fault on request", "fault"), headers)
        elif script.fault == "hang":
            await connection.closed_for_ever()
        elif body.get("stream"):
            await answer_streamed(body, entry, script, connection)
        else:
            await answer_whole(body, entry, script, connection)
