"""The fake provider as a plain ASGI application: no framework, so that it stays cheap beside what it measures."""

import asyncio
import contextlib
from pathlib import Path

import orjson
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from fake_provider.answer import Answer
from fake_provider.conversation import Conversation, read_conversation
from fake_provider.directive import STATUS_FAULTS, DirectiveError, Script
from fake_provider.embeddings import NoTexts, embeddings_answer
from fake_provider.http import Connection
from fake_provider.log import Entry, RequestLog
from fake_provider.protocol import protocol_of
from fake_provider.scripts import Scripts
from fake_provider.wires.base import Asked, Call, ErrorAnswer, Refused, Wire
from fake_provider.wires.registry import wire_for


class FakeProvider:
    """Every provider's wire by path prefix (`wires`), and what tests ask for.

    `GET` and `DELETE /log`: the requests; deleting also forgets queued answers and how often a prompt came.
    `POST /answers`: a JSON list of answers to queue. `GET /sockets`: how many connections are open.
    `POST …/embeddings`: vectors, by the words of the texts.
    """

    def __init__(self, defaults: Script | None = None, *, requests: Path | None = None) -> None:
        self.scripts = Scripts(defaults or Script())
        self.log = RequestLog(requests)

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the fake provider speaks HTTP only")
        connection = Connection(receive, send)
        match scope["method"], scope["path"]:
            case "GET", "/log":
                await connection.respond(200, orjson.dumps(self.log.as_json()))
            case "DELETE", "/log":
                self.clear()
                await connection.respond(204, b"")
            case "GET", "/sockets":
                # Besides the one that this question comes through.
                open_now = len(protocol_of(scope).connections) - 1
                await connection.respond(200, orjson.dumps({"open": open_now}))
            case "POST", "/answers":
                self.scripts.answers.extend(map(str, orjson.loads(await connection.read())))
                await connection.respond(204, b"")
            case "POST", path if path.endswith("/embeddings"):
                await _embed(connection)
            case method, _:
                wire = wire_for(await _call_of(scope, connection))
                await (self._complete(wire, scope, connection) if method == "POST" else _list_models(wire, connection))

    def clear(self) -> None:
        self.log.clear()
        self.scripts.clear()

    async def _complete(self, wire: Wire, scope: HTTPScope, connection: Connection) -> None:
        try:
            asked = wire.parse()
        except Refused as refused:
            await _respond(connection, refused.answer)
            return
        entry = self.log.add(wire.call, asked, provider=wire.provider)
        conversation = read_conversation(entry.messages, prefill=asked.prefill)
        try:
            script = self.scripts.choose(entry, conversation)
        except DirectiveError as error:
            await _respond(connection, wire.error("400", said=str(error)))
            return
        if script.fault == "refuse":
            self.log.close(entry, "server")
            protocol_of(scope).reset()
            await connection.closed_by_client()
            return
        answering = asyncio.create_task(_answer(wire, asked, entry, script, conversation, connection))
        leaving = asyncio.create_task(connection.closed_by_client())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.log.close(entry, "server" if answering.done() else "client")
            for task in (answering, leaving):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


async def _answer(
    wire: Wire, asked: Asked, entry: Entry, script: Script, conversation: Conversation, connection: Connection
) -> None:
    if kind := STATUS_FAULTS.get(script.fault):
        await _respond(connection, wire.error(kind, retry_after=script.retry_after))
    elif script.fault == "hang":
        await connection.closed_for_ever()
    elif script.fault == "filter" and script.at == 0 and (refusal := wire.filtered_prompt()):
        await _respond(connection, refusal)
    else:
        answer = Answer(wire, asked, entry, script, conversation)
        await (answer.streamed(connection) if asked.stream else answer.whole(connection))


async def _embed(connection: Connection) -> None:
    """Vectors are not in the log, whose requests tests count."""
    try:
        await connection.respond(200, embeddings_answer(await connection.read()))
    except NoTexts:
        await connection.respond(400, b'{"error": {"message": "input is missing", "type": "invalid_request_error"}}')


async def _list_models(wire: Wire, connection: Connection) -> None:
    models = wire.models()
    await (connection.respond(200, models) if models else _respond(connection, wire.error("404")))


async def _respond(connection: Connection, error: ErrorAnswer) -> None:
    await connection.respond(error.status, error.body, error.headers)


async def _call_of(scope: HTTPScope, connection: Connection) -> Call:
    content = await connection.read()
    return Call(scope["path"], scope["query_string"], dict(scope["headers"]), content)
