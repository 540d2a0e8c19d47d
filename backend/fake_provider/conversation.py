"""What a conversation asks for: a new answer, or the rest of one that is partly there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from fake_provider.directive import Script, find_directive

PIECE_CHARS = 8
GO_ON = re.compile(r"\b(go on|continue)\b", re.IGNORECASE)
# Whole tokens, and perhaps the beginning of one more.
NUMBERED = re.compile(r"(?:t(\d+) )*(t?\d*)")


@dataclass(frozen=True, slots=True)
class Conversation:
    """`prompt` is the user message that counts, `written` what there is of its answer; `in_words`: asked to go on."""

    prompt: str
    written: str = ""
    in_words: bool = False


def text_of(content: Any) -> str:
    """The text of a message's content; Any: JSON."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return "" if content is None else str(content)


def read_conversation(messages: Sequence[Any], *, prefill: bool) -> Conversation:
    """Read messages in OpenAI's form; with `prefill`, the last one is the beginning of the answer."""
    said = [
        message for message in messages if isinstance(message, dict) and message.get("role") in {"user", "assistant"}
    ]
    turns = [(str(message["role"]), text_of(message.get("content"))) for message in said]
    written = turns.pop()[1] if prefill and turns else ""
    if len(turns) >= 3 and not written and _asks_to_go_on(turns[-3:]):
        return Conversation(prompt=turns[-3][1], written=turns[-2][1], in_words=True)
    prompt = next((text for role, text in reversed(turns) if role == "user"), "")
    return Conversation(prompt=prompt, written=written)


def _asks_to_go_on(turns: Sequence[tuple[str, str]]) -> bool:
    (first, asked), (second, answer), (third, last) = turns
    return (
        (first, second, third) == ("user", "assistant", "user")
        and bool(find_directive(asked))
        and bool(NUMBERED.fullmatch(answer))
        and not find_directive(last)
        and bool(GO_ON.search(last))
    )


def pieces_of(script: Script, conversation: Conversation) -> tuple[bytes, ...]:
    """The tokens that are still to come, each as it stands inside a JSON string."""
    written = conversation.written
    if script.answer is not None:
        rest = script.answer.removeprefix(written)
        return _text_pieces(rest)
    found = NUMBERED.fullmatch(written)
    if found is None:
        return numbered_pieces(0, script.tokens)
    following = int(found[1]) + 1 if found[1] else 0
    begun, expected = found[2], f"t{following} "
    if not expected.startswith(begun):
        return numbered_pieces(0, script.tokens)
    if conversation.in_words and script.overlap:
        return numbered_pieces(max(0, following - script.overlap), script.tokens)
    if not begun or following >= script.tokens:
        return numbered_pieces(following, script.tokens)
    return (expected[len(begun) :].encode(), *numbered_pieces(following + 1, script.tokens))


@lru_cache(maxsize=1024)
def numbered_pieces(start: int, stop: int) -> tuple[bytes, ...]:
    """Tokens are numbered, so that loss, doubling and order can be checked exactly."""
    return tuple(b"t%d " % number for number in range(start, stop))


@lru_cache(maxsize=64)
def thought_pieces(count: int) -> tuple[bytes, ...]:
    return tuple(b"r%d " % number for number in range(count))


def _text_pieces(text: str) -> tuple[bytes, ...]:
    return tuple(orjson.dumps(text[start : start + PIECE_CHARS])[1:-1] for start in range(0, len(text), PIECE_CHARS))
