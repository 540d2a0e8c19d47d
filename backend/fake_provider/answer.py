"""Answers at an exact pace, whole or streamed, with the faults that happen in mid-answer."""

import asyncio
import time
from typing import Any

from fake_provider.directive import Script
from fake_provider.http import Connection
from fake_provider.log import Entry
from fake_provider.wire import (
    DONE,
    MODEL,
    ChunkWriter,
    error_body,
    reasoning_text,
    token_text,
    usage_counts,
    whole_answer,
)

ENDS = {"length": "length", "filter": "content_filter"}
BREAKS = frozenset({"cut", "stall", "garbage", "filter"})  # these end the text after `at` tokens


def _text_tokens(script: Script) -> int:
    if script.fault == "empty":
        return 0
    return min(script.tokens, script.at) if script.fault in BREAKS else script.tokens


async def answer_streamed(body: dict[str, Any], entry: Entry, script: Script, connection: Connection) -> None:
    """Stream the script's tokens, each due at an absolute time, so that a late one delays none after it."""
    chunks = ChunkWriter(answer_id=f"fake-{entry.id}", model=str(body.get("model") or MODEL))
    begun = time.monotonic()
    await connection.start(200, "text/event-stream", {"cache-control": "no-cache"})
    await connection.write(chunks.start(), more=True)
    total = script.reasoning + _text_tokens(script)
    sent = 0
    while sent < total:
        due = _tokens_due(script, time.monotonic() - begun, total)
        if due > sent:
            numbers = range(sent, due)
            frames = (
                chunks.reasoning(n) if n < script.reasoning else chunks.token(n - script.reasoning) for n in numbers
            )
            await connection.write(b"".join(frames), more=True)
            entry.first_token_at = entry.first_token_at or time.time()
            sent = due
            entry.tokens_sent = sent
        if sent < total:
            await asyncio.sleep(max(0.0, begun + _due_at(script, sent) - time.monotonic()))
    await _end_stream(body, entry, script, connection, chunks)


async def _end_stream(
    body: dict[str, Any], entry: Entry, script: Script, connection: Connection, chunks: ChunkWriter
) -> None:
    if script.fault == "cut":
        return  # returning with the body unfinished makes the server close the socket
    if script.fault == "stall":
        await connection.closed_for_ever()
    if script.fault == "garbage":
        await connection.write(b'data: {"choices": [{"delta\n\n', more=False)
        return
    end = chunks.finish(ENDS.get(script.fault, "stop"))
    if (body.get("stream_options") or {}).get("include_usage"):
        end += chunks.usage(usage_counts(entry.messages, entry.tokens_sent))
    await connection.write(end + DONE, more=False)


async def answer_whole(body: dict[str, Any], entry: Entry, script: Script, connection: Connection) -> None:
    """Answer at once when the last token would have been due."""
    tokens = _text_tokens(script)
    await asyncio.sleep(_due_at(script, max(0, script.reasoning + tokens - 1)))
    if script.fault == "stall":
        await connection.closed_for_ever()
    if script.fault == "cut":
        await connection.start(200, "application/json")
        await connection.write(b'{"choices": [{"mess', more=True)
        return
    if script.fault == "garbage":
        await connection.respond(200, error_body("cut off", "garbage")[:-8])
        return
    entry.tokens_sent = script.reasoning + tokens
    entry.first_token_at = time.time()
    answer = whole_answer(
        answer_id=f"fake-{entry.id}",
        model=str(body.get("model") or MODEL),
        text="".join(map(token_text, range(tokens))),
        reasoning="".join(map(reasoning_text, range(script.reasoning))),
        reason=ENDS.get(script.fault, "stop"),
        counts=usage_counts(entry.messages, entry.tokens_sent),
    )
    await connection.respond(200, answer)


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
