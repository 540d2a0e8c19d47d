"""The OpenAI wire format, as far as the fake provider speaks it."""

import time
from collections.abc import Sequence
from typing import Any

import orjson

MODEL = "fake-model"
DONE = b"data: [DONE]\n\n"


def token_text(number: int) -> str:
    """Token `number` of an answer: numbered, so that loss, doubling and order can be checked exactly."""
    return f"t{number} "


def reasoning_text(number: int) -> str:
    return f"r{number} "


class ChunkWriter:
    """Chunks of one streamed answer. What stays the same from token to token is encoded once."""

    def __init__(self, *, answer_id: str, model: str) -> None:
        self._head: dict[str, Any] = {
            "id": answer_id,
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
        }
        self._before, self._after = self._frame({"content": "\0"}).split(b"\\u0000")
        self._before_reasoning, self._after_reasoning = self._frame({"reasoning_content": "\0"}).split(b"\\u0000")

    def start(self) -> bytes:
        return self._frame({"role": "assistant", "content": ""})

    def token(self, number: int) -> bytes:
        return b"%bt%d %b" % (self._before, number, self._after)

    def reasoning(self, number: int) -> bytes:
        return b"%br%d %b" % (self._before_reasoning, number, self._after_reasoning)

    def finish(self, reason: str) -> bytes:
        return self._frame({}, reason)

    def usage(self, counts: dict[str, int]) -> bytes:
        return b"data: " + orjson.dumps({**self._head, "choices": [], "usage": counts}) + b"\n\n"

    def _frame(self, delta: dict[str, str], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return b"data: " + orjson.dumps({**self._head, "choices": [choice]}) + b"\n\n"


def whole_answer(
    *, answer_id: str, model: str, text: str, reasoning: str, reason: str, counts: dict[str, int]
) -> bytes:
    message: dict[str, str] = {"role": "assistant", "content": text}
    if reasoning:
        message["reasoning_content"] = reasoning
    return orjson.dumps(
        {
            "id": answer_id,
            "object": "chat.completion",
            "created": int(time.time()),
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": counts,
        }
    )


def usage_counts(messages: Sequence[Any], completion_tokens: int) -> dict[str, int]:
    """Token counts where a token of the prompt is a word."""
    prompt_tokens = sum(
        len(str(message.get("content", "")).split()) for message in messages if isinstance(message, dict)
    )
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


def error_body(message: str, code: str) -> bytes:
    return orjson.dumps({"error": {"message": message, "type": code, "code": code, "param": None}})
