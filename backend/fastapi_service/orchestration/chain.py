"""Gets one answer through: picks the provider, waits for its turn, keeps the deadlines, names what went wrong."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from fastapi_service.core.errors import InvalidInput, NoProvider, ProviderError
from fastapi_service.core.request_log import note
from fastapi_service.orchestration.deadlines import Deadlines
from fastapi_service.orchestration.events import Attempt, Chosen, Event, Notice, Outcome
from fastapi_service.orchestration.limits import ConcurrencyLimit, Ticket
from fastapi_service.orchestration.pacing import paced
from fastapi_service.providers.base import Answer, Finished, Prompt, Provider, ReasoningDelta, TextDelta, Timeouts

QUEUED = Notice("queued", "Others are being answered first; yours is in the queue.")

Deliver = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A provider and the queue in front of it."""

    provider: Provider
    limit: ConcurrencyLimit


class Chain:
    """The configured providers in the order in which they are tried."""

    def __init__(self, providers: Sequence[Provider], *, timeouts: Timeouts, queue_length: int) -> None:
        self.lanes = tuple(Lane(each, ConcurrencyLimit(each.concurrency, queue_length)) for each in providers)
        self.timeouts = timeouts

    @contextmanager
    def admit(self, prompt: Prompt, *, provider: str | None, model: str | None) -> Iterator["Run"]:
        """A run of `prompt` with its place at the first provider, or at the one that is asked for.

        Raises: InvalidInput (unknown provider or model, no such ability), NoProvider, Overloaded.
        """
        lane = self._lane_for(prompt, provider)
        if model is not None and lane.provider.models and model not in lane.provider.models:
            raise InvalidInput(f"{lane.provider.label} has no model of the name {model!r} here.", code="unknown_model")
        with lane.limit.enter() as ticket:
            yield Run(lane.provider, ticket, prompt, model, self.timeouts)

    def _lane_for(self, prompt: Prompt, name: str | None) -> Lane:
        lanes = [lane for lane in self.lanes if name is None or lane.provider.name == name]
        if not lanes and name is not None:
            raise InvalidInput(f"There is no provider of the name {name!r} here.", code="unknown_provider")
        if not lanes:
            raise NoProvider("No model is set up. The operator should set the key of a provider, or a local model.")
        if prompt.response_schema is not None:
            lanes = [lane for lane in lanes if lane.provider.abilities.json_schema]
        if not lanes:
            raise InvalidInput("No provider here can hold its answer to a schema.", code="schema_not_supported")
        return lanes[0]


@dataclass
class Run:
    """One prompt's way to its answer; to be streamed or asked for as a whole, once."""

    provider: Provider
    ticket: Ticket
    prompt: Prompt
    model: str | None
    timeouts: Timeouts
    attempts: list[Attempt] = field(default_factory=list)

    async def stream(self, deliver: Deliver) -> Outcome:
        """Hand each event to `deliver`, in order. Raises: ProviderError; what was delivered stays good."""
        with self._recorded():
            async with Deadlines(self.provider, self.timeouts) as deadlines:
                if self.ticket.waiting:
                    await deliver(QUEUED)
                await self.ticket.admitted()
                deadlines.expect_first_token()
                model = await self._choose_model()
                await deliver(Chosen(self.provider.name, model))
                if self.provider.abilities.stream:
                    finished = await self._stream_deltas(model, deliver, deadlines)
                else:
                    deadlines.expect_end()
                    finished = await self._stream_whole(model, deliver)
        return self._outcome(finished)

    async def whole(self) -> tuple[Answer, Chosen, Outcome]:
        """The answer at once. Raises: ProviderError."""
        with self._recorded():
            async with Deadlines(self.provider, self.timeouts) as deadlines:
                await self.ticket.admitted()
                deadlines.expect_end()
                model = await self._choose_model()
                answer = await self.provider.complete(self.prompt, model=model)
        return answer, Chosen(self.provider.name, model), self._outcome(answer.finished)

    async def _choose_model(self) -> str:
        model = await self.provider.model_for(self.model)
        note(model=model)
        return model

    async def _stream_deltas(self, model: str, deliver: Deliver, deadlines: Deadlines) -> Finished:
        finished: Finished | None = None
        async with aclosing(self.provider.stream(self.prompt, model=model)) as deltas:
            async for delta in deltas:
                if isinstance(delta, Finished):
                    finished = delta
                    continue
                deadlines.expect_next_token()
                await deliver(delta)
        if finished is None:
            raise RuntimeError(f"the adapter {self.provider.name} ended a stream without Finished")
        return finished

    async def _stream_whole(self, model: str, deliver: Deliver) -> Finished:
        answer = await self.provider.complete(self.prompt, model=model)
        if answer.reasoning:
            await deliver(ReasoningDelta(answer.reasoning))
        async for piece in paced(answer.text):
            await deliver(TextDelta(piece))
        return answer.finished

    @contextmanager
    def _recorded(self) -> Iterator[None]:
        """Keep how the attempt ended and how long it took, for the caller and for the request's log line."""
        started = time.monotonic()
        outcome = "ok"
        try:
            yield
        except ProviderError as error:
            outcome = error.reason
            raise
        except BaseException as error:
            outcome = "cancelled" if isinstance(error, asyncio.CancelledError) else "failed"
            raise
        finally:
            ms = round((time.monotonic() - started) * 1000)
            self.attempts.append(Attempt(self.provider.name, outcome, ms))
            note(provider=self.provider.name, outcome=outcome, provider_ms=ms)

    def _outcome(self, finished: Finished) -> Outcome:
        note(input_tokens=finished.usage.input_tokens, output_tokens=finished.usage.output_tokens)
        return Outcome(finished.finish_reason, finished.usage, tuple(self.attempts))
