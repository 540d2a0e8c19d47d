"""A provider that does as it is told, for what no server can be made to do exactly."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from fastapi_service.orchestration.answer_stream import AnswerStream, LiveStreams
from fastapi_service.orchestration.chain import Chain
from fastapi_service.providers.base import (
    Abilities,
    Answer,
    Delta,
    Finished,
    Message,
    Prompt,
    Provider,
    ReasoningDelta,
    TextDelta,
    Timeouts,
    Usage,
)

END = Finished("stop", Usage(1, 1))
PROMPT = Prompt(messages=(Message("user", "hello"),))
TIMEOUTS = Timeouts(connect_s=1, first_token_s=5, between_tokens_s=5, total_s=10)


class Scripted(Provider):
    """Yields the script; a number in it waits for so many seconds, an error is raised."""

    name = "scripted"

    def __init__(self, *script: Delta | float | Exception, stream: bool = True) -> None:
        self.label = "The script"
        self.models = ("script",)
        self.abilities = Abilities(stream=stream)
        self.context_tokens = self.prompt_budget_tokens = 1000
        self.concurrency = 2
        self.yielded = 0
        self.closed = False
        self._script = script

    async def aclose(self) -> None:
        self.closed = True

    async def model_for(self, requested: str | None) -> str:
        return requested or "script"

    async def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        try:
            for step in self._script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, float | int):
                    await asyncio.sleep(step)
                else:
                    self.yielded += 1
                    yield step
        finally:
            self.closed = True

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        deltas = [delta async for delta in self.stream(prompt, model=model)]
        text = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
        return Answer(text, "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta)), END)


def chain_of(provider: Provider, timeouts: Timeouts = TIMEOUTS) -> Chain:
    return Chain([provider], timeouts=timeouts, queue_length=2)


async def frames_of(provider: Provider, *, timeouts: Timeouts = TIMEOUTS, **options: Any) -> AsyncIterator[bytes]:
    """What a reader gets, as it gets it; Any: options of AnswerStream."""
    with chain_of(provider, timeouts).admit(PROMPT, provider=None, model=None) as run:
        stream = AnswerStream(run, text_id="answer", live=LiveStreams(), **options)
        async for frames in stream.frames():
            yield frames
