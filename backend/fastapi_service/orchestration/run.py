"""Gets one answer through: from provider to provider, until one has answered or the caller has to be told."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol, TypeVar

from fastapi_service.core.errors import BrokenStream, NothingToAdd, ProviderError, SchemaBroken
from fastapi_service.core.request_log import note
from fastapi_service.orchestration import notices
from fastapi_service.orchestration.attempt import Trial, enter, now, outcome_of, turn
from fastapi_service.orchestration.continuation import continuing
from fastapi_service.orchestration.deadlines import Deadlines
from fastapi_service.orchestration.events import Attempt, Chosen, Event, Notice, Outcome, usage_of
from fastapi_service.orchestration.fitting import fitted, tokens_of
from fastapi_service.orchestration.images import without_images
from fastapi_service.orchestration.lane import Lane, Route
from fastapi_service.orchestration.limits import Ticket
from fastapi_service.orchestration.metrics import Metrics
from fastapi_service.orchestration.pacing import paced
from fastapi_service.orchestration.seam import Seam
from fastapi_service.orchestration.structured import SchemaCheck
from fastapi_service.providers.base import (
    Answer,
    Delta,
    Finished,
    Prompt,
    ReasoningDelta,
    TextDelta,
    Timeouts,
    Usage,
)

Result = TypeVar("Result")
SILENCES_THAT_END = 2  # so many who were asked to go on and had nothing to add end an answer


class Sink(Protocol):
    """Where a stream's events go."""

    def offer(self, event: Event) -> bool:
        """Take the event if there is room, without waiting."""

    async def put(self, event: Event) -> None:
        """Take the event as soon as there is room."""


@dataclass(slots=True)
class Run:
    """One prompt's way to its answer; to be streamed or asked for as a whole, once, within its `with` block."""

    route: Route
    lane: Lane
    asked_for: Lane  # by name, or as the first of all; it may not be able to answer this prompt
    prompt: Prompt
    check: SchemaCheck | None
    models: Mapping[Lane, str]  # the model that is asked for; others answer with their default
    timeouts: Timeouts
    metrics: Metrics
    ends_at: float
    attempts: list[Attempt] = field(default_factory=list)
    _sink: Sink | None = None
    _place: Ticket | None = None
    _chosen: Chosen = field(default_factory=lambda: Chosen("", ""))
    _written: list[str] = field(default_factory=list)
    _broken: SchemaBroken | None = None
    _text_tokens: int = 0  # deltas of text: no more than there are tokens in it
    _silences: int = 0

    def __enter__(self) -> "Run":
        self._place = self.lane.limit.enter()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._leave_place()

    async def stream(self, sink: Sink) -> Outcome:
        """Hand each event to `sink`, in order. Raises: ProviderError; what was handed over stays good."""
        self._sink = sink
        if self.lane is not self.asked_for:  # which cannot see, has no room, or whose circuit is open
            blind = self.prompt.has_images and not self.asked_for.provider.abilities.images
            moved = notices.sees_instead if blind else notices.moved_on
            self._tell(moved(self.asked_for.provider.label, self.lane.provider.label))
        return self._outcome(await self._walk(self._stream_once, at_end=lambda end: end))

    async def whole(self) -> tuple[Answer, Chosen, Outcome]:
        """The answer at once; JSON that satisfies the prompt's schema, if any. Raises: ProviderError."""
        answer = await self._walk(self._whole_once, at_end=lambda end: Answer("", "", end))
        return answer, self._chosen, self._outcome(answer.finished)

    async def _walk(self, attempt: Callable[[], Awaitable[Result]], *, at_end: Callable[[Finished], Result]) -> Result:
        """What the first attempt that succeeds returns; `at_end` of how it ended, where nothing is left to be said."""
        while True:
            try:
                return await attempt()
            except ProviderError as error:
                if end := self._end_after(error):
                    return at_end(end)
                self.lane = await self._next_lane(error)

    def _end_after(self, error: ProviderError) -> Finished | None:
        """How the answer has ended, where what is written need not, or cannot, be gone on with."""
        most = self.prompt.max_output_tokens
        if most is not None and self._written and self._text_tokens >= most:
            return Finished("length", Usage())
        if isinstance(error, NothingToAdd):
            # One who has nothing to add may be mistaken, and two are no proof: the reason says so.
            self._silences += 1
            if self._silences == SILENCES_THAT_END:
                return Finished("other", Usage())
        return None

    async def _next_lane(self, error: ProviderError) -> Lane:
        """Where to try next, after the pause that it takes. Raises: ProviderError, when the caller has to be told."""
        if isinstance(error, SchemaBroken) and self._broken is None:
            self._broken = error  # it gets one chance to mend what it said
            return self.lane
        self._broken = None
        move = self.route.after(self.lane, error, written=bool(self._written), left_s=self.ends_at - now())
        if move is None:
            raise self.route.told(error)
        lane, pause_s = move
        self._tell(self._notice_of(lane, pause_s))
        await asyncio.sleep(pause_s)
        return lane

    def _notice_of(self, lane: Lane, pause_s: float) -> Notice:
        label, next_label = self.lane.provider.label, lane.provider.label
        if self._written:
            return notices.seam(label, next_label)
        return notices.retrying(label, pause_s=pause_s) if lane is self.lane else notices.moved_on(label, next_label)

    async def _stream_once(self) -> Finished:
        if self.check is not None or not self.lane.provider.abilities.stream:
            return await self._stream_whole()
        async with self._attempt() as (trial, deadlines):
            prompt, seam = self._asked()
            stream = self.lane.provider.stream(prompt, model=trial.model)
            with self._silence_named():
                finished = await self._pass_on(stream, trial, deadlines, seam)
            trial.usage = finished.usage
        return finished

    async def _pass_on(
        self, stream: AsyncGenerator[Delta, None], trial: Trial, deadlines: Deadlines, seam: Seam | None
    ) -> Finished:
        finished: Finished | None = None
        async with aclosing(stream) as deltas:
            async for delta in deltas:
                if isinstance(delta, Finished):
                    finished = delta
                    continue
                deadlines.expect_next_token()
                trial.token()
                if seam and isinstance(delta, TextDelta):
                    delta = TextDelta(seam.feed(delta.text))
                await self._deliver(delta, deadlines)
        if finished is None:
            raise RuntimeError(f"the adapter {self.lane.provider.name} ended a stream without Finished")
        if seam:
            await self._deliver(TextDelta(seam.rest()), deadlines)
        return finished

    async def _deliver(self, event: Event, deadlines: Deadlines) -> None:
        """Hand an event over; while the reader is slow, the provider's limits stand still."""
        assert self._sink
        if isinstance(event, TextDelta):
            if not event.text:
                return
            self._written.append(event.text)
            self._text_tokens += 1
            self._silences = 0
        if not self._sink.offer(event):
            deadlines.expect_reader()
            await self._sink.put(event)
            deadlines.expect_next_token()

    async def _stream_whole(self) -> Finished:
        """The specification's streaming: a whole answer, sent out in small pieces. No limit ends what is there."""
        assert self._sink
        answer = await self._whole_once()
        if answer.reasoning:
            await self._sink.put(ReasoningDelta(answer.reasoning))
        async with aclosing(paced(answer.text)) as pieces:
            async for piece in pieces:
                await self._sink.put(TextDelta(piece))
        return answer.finished

    async def _whole_once(self) -> Answer:
        async with self._attempt() as (trial, deadlines):
            deadlines.expect_answer(self._patience_s())
            prompt, seam = self._asked()
            with self._silence_named():
                answer = await self.lane.provider.complete(prompt, model=trial.model)
            trial.usage = answer.finished.usage
            if self.check:
                answer = self.check.checked(answer, self.lane.provider)
        return replace(answer, text=seam.feed(answer.text) + seam.rest()) if seam else answer

    @asynccontextmanager
    async def _attempt(self) -> AsyncIterator[tuple[Trial, Deadlines]]:
        """One try, from its place in the queue to its line in `attempts`."""
        trial = Trial(self.lane)
        outcome = "ok"
        try:
            self._place = self._place or enter(self.lane)
            if self._place.waiting:
                self.metrics.lane(self.lane)
                self._tell(notices.QUEUED)
            waiting = turn(trial, self._place, self.timeouts, ends_at=self.ends_at, patience_s=self._patience_s())
            async with waiting as deadlines:
                await self._choose_model(trial, deadlines)
                yield trial, deadlines
        except BaseException as error:
            outcome = outcome_of(error)
            raise
        finally:
            self._leave_place()
            self._record(trial.ended(outcome))

    async def _choose_model(self, trial: Trial, deadlines: Deadlines) -> None:
        provider = self.lane.provider
        trial.model = await provider.model_for(self.models.get(self.lane))
        chosen = Chosen(provider.name, trial.model)
        if chosen != self._chosen:
            self._chosen = chosen
            if self._sink:
                await self._deliver(chosen, deadlines)
                deadlines.expect_first_token()

    def _asked(self) -> tuple[Prompt, Seam | None]:
        """What this lane's provider is asked, and the check of its first words where it goes on in its own way."""
        provider = self.lane.provider
        before, behind = self.check.added(provider, broken=self._broken) if self.check else ((), ())
        budget_tokens = provider.prompt_budget_tokens - sum(map(tokens_of, (*before, *behind)))
        prompt = self._rest_of_prompt()
        if prompt.has_images and not provider.abilities.images:
            prompt = without_images(prompt)
            self._tell(notices.images_dropped(provider.label))
        prompt, dropped = fitted(prompt, budget_tokens=budget_tokens)
        if dropped:
            self._tell(notices.turns_dropped(provider.label, dropped=dropped))
        seam = Seam(prompt.continue_from) if prompt.continue_from and not provider.abilities.continues else None
        prompt = continuing(prompt, provider)
        return replace(prompt, messages=(*before, *prompt.messages, *behind)), seam

    def _rest_of_prompt(self) -> Prompt:
        """The prompt for what is not written yet."""
        if not self._written:
            return self.prompt
        most = self.prompt.max_output_tokens
        written = self.prompt.continue_from + "".join(self._written)
        return replace(
            self.prompt,
            continue_from=written,
            max_output_tokens=None if most is None else most - self._text_tokens,
        )

    @contextmanager
    def _silence_named(self) -> Iterator[None]:
        """An empty answer of who was asked to go on is no fault of its own."""
        try:
            yield
        except BrokenStream as error:
            if error.reason != "empty" or not (self._written or self.prompt.continue_from):
                raise
            raise NothingToAdd(error.message, provider=error.provider, reason=error.reason) from error

    def _patience_s(self) -> float:
        """How long to wait for one provider: half of the time that is left, while another could still take over."""
        left_s = self.ends_at - now()
        return left_s / 2 if self.route.has_others(self.lane) else left_s

    def _tell(self, notice: Notice) -> None:
        """A notice is of the moment: who is too slow to read does not get it."""
        if self._sink:
            self._sink.offer(notice)

    def _leave_place(self) -> None:
        if self._place:
            self._place.leave()
            self._place = None

    def _record(self, attempt: Attempt) -> None:
        """Keep how the attempt ended: for the caller, the request's log line, and the metrics."""
        self.attempts.append(attempt)
        self.metrics.attempt(attempt)
        self.metrics.lane(self.lane)
        note(
            provider=attempt.provider,
            model=attempt.model,
            outcome=attempt.outcome,
            attempts=[asdict(each) for each in self.attempts],
        )

    def _outcome(self, finished: Finished) -> Outcome:
        usage = usage_of(self.attempts)
        note(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
        return Outcome(finished.finish_reason, usage, tuple(self.attempts))
