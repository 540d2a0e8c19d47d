"""A provider that does as it is told, for what no server can be made to do exactly."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from fastapi_service.orchestration.answer_stream import AnswerStream, LiveStreams
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.orchestration.events import Chosen, Event, Notice, Outcome
from fastapi_service.orchestration.metrics import Metrics
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

Step = Delta | float | Exception
END = Finished("stop", Usage(1, 1))
PROMPT = Prompt(messages=(Message("user", "hello"),))
TIMEOUTS = Timeouts(connect_s=1, first_token_s=5, between_tokens_s=5, total_s=10)


class Scripted(Provider):
    """Yields the script; a number in it waits for so many seconds, an error is raised.

    With several scripts each call takes the next one, and the last one serves all further calls. Class attributes
    are overridden by keyword.
    """

    name = "scripted"

    def __init__(self, *script: Step, then: Sequence[Sequence[Step]] = (), **attributes: Any) -> None:
        """Any: attributes of Provider, by name."""
        self.label = "The script"
        self.models = ("script",)
        self.abilities = Abilities()
        self.context_tokens = self.prompt_budget_tokens = 1000
        self.concurrency = 2
        for name, value in attributes.items():
            setattr(self, name, value)
        self.yielded = 0
        self.running = 0
        self.closed = False
        self.prompts: list[Prompt] = []
        self._scripts = [script, *then]

    async def aclose(self) -> None:
        self.closed = True

    async def model_for(self, requested: str | None) -> str:
        return requested or self.models[0]

    async def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        script = self._scripts[min(len(self.prompts), len(self._scripts) - 1)]
        self.prompts.append(prompt)
        self.running += 1
        try:
            for step in script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, float | int):
                    await asyncio.sleep(step)
                else:
                    self.yielded += 1
                    yield step
        finally:
            self.closed = True
            self.running -= 1

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        async with aclosing(self.stream(prompt, model=model)) as stream:
            deltas = [delta async for delta in stream]
        text = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
        return Answer(text, "".join(delta.text for delta in deltas if isinstance(delta, ReasoningDelta)), END)


class Collected:
    """A sink that takes everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def offer(self, event: Event) -> bool:
        self.events.append(event)
        return True

    async def put(self, event: Event) -> None:
        self.events.append(event)

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def notices(self) -> list[str]:
        return [event.code for event in self.events if isinstance(event, Notice)]

    @property
    def chosen(self) -> list[str]:
        return [event.provider for event in self.events if isinstance(event, Chosen)]


def chain_of(*providers: Provider, timeouts: Timeouts = TIMEOUTS, **patience: Any) -> Chain:
    """Any: fields of Patience."""
    return Chain(providers, timeouts=timeouts, patience=Patience(**{"queue_length": 2, **patience}))


async def frames_of(provider: Provider, *, timeouts: Timeouts = TIMEOUTS, **options: Any) -> AsyncIterator[bytes]:
    """What a reader gets, as it gets it; Any: options of AnswerStream."""
    with chain_of(provider, timeouts=timeouts, tries=1).admit(PROMPT, provider=None, model=None) as run:
        stream = AnswerStream(run, text_id="answer", live=LiveStreams(Metrics()), **options)
        async for frames in stream.frames():
            yield frames


async def streamed(
    chain: Chain, prompt: Prompt = PROMPT, provider: str | None = None, model: str | None = None
) -> tuple[Collected, Outcome]:
    sink = Collected()
    with chain.admit(prompt, provider=provider, model=model) as run:
        return sink, await run.stream(sink)


def outcomes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(attempt.provider, attempt.outcome) for attempt in outcome.attempts]
