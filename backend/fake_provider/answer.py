"""Answers at an exact pace, whole or streamed, with the faults that happen in mid-answer; the same on every wire."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from fake_provider.conversation import Conversation, pieces_of, thought_pieces
from fake_provider.directive import LATE_FAULTS, Script
from fake_provider.http import Connection
from fake_provider.log import Entry
from fake_provider.wires.base import Asked, Counts, EndReason, Wire

ENDS: Mapping[str, EndReason] = {"length": "length", "filter": "filter"}
LONG_LINE_BYTES = 2 * 1024 * 1024
EURO_SIGN = "€".encode()


class Answer:
    """One answer by its script. `streamed` and `whole` return with the body unfinished where the socket is to close."""

    def __init__(self, wire: Wire, asked: Asked, entry: Entry, script: Script, conversation: Conversation) -> None:
        self._wire = wire
        self._entry = entry
        self._script = script
        self._pieces = _pieces_until_fault(script, conversation)
        self._thoughts = thought_pieces(script.reasoning)
        self._total = len(self._thoughts) + len(self._pieces)
        self._prompt_tokens = count_words(entry.messages)
        wire.prepare(asked, answer_id=f"fake-{entry.id}", prompt_tokens=self._prompt_tokens)

    async def streamed(self, connection: Connection) -> None:
        """Stream the tokens, each due at an absolute time, so that a late one delays none after it."""
        script, entry = self._script, self._entry
        begun = time.monotonic()
        await connection.start(200, "text/event-stream", {"cache-control": "no-cache"})
        await connection.write(self._wire.start(), more=True)
        sent = 0
        while sent < self._total:
            due = _tokens_due(script, time.monotonic() - begun, self._total)
            if due > sent:
                await connection.write(self._frames(sent, due), more=True)
                entry.first_token_at = entry.first_token_at or time.time()
                sent = due
                entry.tokens_sent = sent
            if sent < self._total:
                await asyncio.sleep(max(0.0, begun + _due_at(script, sent) - time.monotonic()))
        await self._end_stream(connection)

    def _frames(self, first: int, stop: int) -> bytes:
        """The events of tokens `first` up to `stop`; thinking comes before text."""
        thoughts = len(self._thoughts)
        text = self._wire.token.around(self._pieces[max(0, first - thoughts) : max(0, stop - thoughts)])
        return self._wire.thought.around(self._thoughts[first:stop]) + text if first < thoughts else text

    async def _end_stream(self, connection: Connection) -> None:
        frame = self._wire.token
        match self._script.fault:
            case "cut":
                return
            case "stall":
                await connection.closed_for_ever()
            case "utf8":
                await connection.write(frame.before + EURO_SIGN[:2], more=True)
            case "garbage":
                await connection.write(frame.before[: len(frame.before) // 2] + b"\n\n", more=False)
            case "error":
                await connection.write(self._wire.error_event(), more=False)
            case "longline":
                await connection.write(frame.around([b"x" * LONG_LINE_BYTES]), more=True)
                await connection.write(self._end(), more=False)
            case _:
                await connection.write(self._end(), more=False)

    def _end(self) -> bytes:
        return self._wire.end(ENDS.get(self._script.fault, "stop"), self._counts())

    async def whole(self, connection: Connection) -> None:
        """Answer at once when the last token would have been due."""
        await asyncio.sleep(_due_at(self._script, max(0, self._total - 1)))
        match self._script.fault:
            case "stall":
                await connection.closed_for_ever()
            case "cut":
                body = self._body()
                await _break_off(connection, body[: len(body) // 2])
            case "utf8":
                body = self._body(EURO_SIGN.decode())
                await _break_off(connection, body[: body.index(EURO_SIGN) + 2])
            case "garbage":
                await connection.respond(200, self._body()[:-8])
            case "error":
                failure = self._wire.error("500")
                await connection.respond(failure.status, failure.body, failure.headers)
            case fault:
                self._entry.tokens_sent = self._total
                self._entry.first_token_at = time.time()
                await connection.respond(200, self._body("x" * LONG_LINE_BYTES if fault == "longline" else ""))

    def _body(self, more_text: str = "") -> bytes:
        return self._wire.whole(
            text=_joined(self._pieces) + more_text,
            thoughts=_joined(self._thoughts),
            reason=ENDS.get(self._script.fault, "stop"),
            counts=self._counts(),
        )

    def _counts(self) -> Counts:
        return Counts(prompt=self._prompt_tokens, text=len(self._pieces), thoughts=len(self._thoughts))


def count_words(messages: Sequence[Any]) -> int:
    """Tokens of a prompt, where a token is a word; Any: JSON."""
    return sum(len(str(message.get("content", "")).split()) for message in messages if isinstance(message, dict))


def _pieces_until_fault(script: Script, conversation: Conversation) -> Sequence[bytes]:
    if script.fault == "empty":
        return ()
    pieces = pieces_of(script, conversation)
    return pieces[: script.at] if script.fault in LATE_FAULTS else pieces


def _joined(pieces: Sequence[bytes]) -> str:
    return str(orjson.loads(b'"' + b"".join(pieces) + b'"'))


async def _break_off(connection: Connection, body: bytes) -> None:
    await connection.start(200, "application/json")
    await connection.write(body, more=True)


def _due_at(script: Script, number: int) -> float:
    """Seconds after the request's start at which token `number` is due."""
    return script.first + (number / script.rate if script.rate > 0 else 0.0)


def _tokens_due(script: Script, elapsed_s: float, total: int) -> int:
    """How many tokens are due by now."""
    if elapsed_s < script.first:
        return 0
    if script.rate <= 0:
        return total
    # The small allowance keeps a wake-up that is a rounding error early from spinning.
    return min(total, 1 + int((elapsed_s - script.first) * script.rate + 1e-6))
