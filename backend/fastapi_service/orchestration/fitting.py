"""What of a conversation a provider can read: the newest turns that fit its budget."""

from collections.abc import Iterator
from dataclasses import replace

from fastapi_service.providers.base import Image, Message, Prompt

# Both as in the gateway, which has cut the prompt by them: another measure would cut it once more.
BYTES_PER_TOKEN = 3  # English has 4 to 5; other scripts, code and formulas fewer, so this errs on the safe side
MESSAGE_OVERHEAD_TOKENS = 8  # role and separators of a chat template
IMAGE_TOKENS = 1000


def tokens_estimate(text: str) -> int:
    """An upper estimate of the tokens in `text` for the languages that students write in."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


def fitted(prompt: Prompt, *, budget_tokens: int) -> tuple[Prompt, int]:
    """The prompt without its oldest turns where it is above the budget, and how many were dropped.

    The system's messages and the last message always stay, also where they alone are too much: whether that can be
    read is then the provider's to say.
    """
    left = budget_tokens - tokens_estimate(prompt.continue_from)
    messages = prompt.messages
    pinned = {index for index, message in enumerate(messages) if message.role == "system"} | {len(messages) - 1}
    left -= sum(tokens_of(messages[index]) for index in pinned)
    turns = [index for index in range(len(messages)) if index not in pinned]
    newest = list(_newest_that_fit(messages, turns, left))
    if len(newest) == len(turns):
        return prompt, 0
    while newest and messages[newest[-1]].role == "assistant":
        newest.pop()  # an answer without its question; some APIs refuse a conversation that begins with one
    kept = pinned.union(newest)
    shorter = tuple(message for index, message in enumerate(messages) if index in kept)
    return replace(prompt, messages=shorter), len(messages) - len(shorter)


def _newest_that_fit(messages: tuple[Message, ...], turns: list[int], left: int) -> Iterator[int]:
    """Indices of turns, the newest first."""
    for index in reversed(turns):
        left -= tokens_of(messages[index])
        if left < 0:
            return
        yield index


def tokens_of(message: Message) -> int:
    """An upper estimate of what a message takes of a model's window."""
    return MESSAGE_OVERHEAD_TOKENS + sum(
        IMAGE_TOKENS if isinstance(part, Image) else tokens_estimate(part) for part in message.parts
    )
