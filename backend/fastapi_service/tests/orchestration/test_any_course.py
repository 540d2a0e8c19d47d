"""Whatever providers do, and whenever clients leave: what must hold for every request."""

import asyncio
import random
from contextlib import aclosing
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastapi_service.core.errors import (
    ApiError,
    AuthFailed,
    BadRequest,
    BrokenStream,
    ContentFiltered,
    ContextTooLong,
    ModelNotFound,
    ProviderOverloaded,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.orchestration.answer_stream import AnswerStream, LiveStreams
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.lane import Lane
from fastapi_service.orchestration.metrics import Metrics
from fastapi_service.providers.base import Timeouts
from fastapi_service.tests.frames import kinds, numbered, parse_frames, text_of
from fastapi_service.tests.orchestration.numbered import TOKENS, Course, Numbered
from fastapi_service.tests.orchestration.scripted import PROMPT
from fastapi_service.tests.orchestration.virtual_time import run_virtually

CASES = 2_000
PACING_SECONDS = 1.0  # of a provider that cannot stream, whose answer is there already
NEVER_CALLED = {"queue_full", "open"}
FAULTS = (
    AuthFailed, BadRequest, BrokenStream, ContentFiltered, ContextTooLong, ModelNotFound, ProviderOverloaded,
    ProviderUnavailable, RateLimited, "silence",
)  # fmt: skip

seconds = st.sampled_from([0.0, 0.01, 0.3, 2.0, 7.0])
courses = st.builds(
    Course,
    first_s=seconds,
    between_s=seconds,
    fails_at=st.integers(0, TOKENS),
    fault=st.none() | st.sampled_from(FAULTS),
    retry_after_s=st.sampled_from([None, 1, 3, 20]),
    overlap=st.sampled_from([0, 6, TOKENS]),
)


@dataclass(frozen=True)
class Request:
    """`at_s`: when it comes; `leaves_after_s`: when its client goes away, if it does."""

    at_s: float
    leaves_after_s: float | None
    whole: bool


requests = st.builds(
    Request, at_s=st.sampled_from([0.0, 0.5, 5.0, 30.0]), leaves_after_s=st.none() | seconds, whole=st.booleans()
)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    providers = [
        Numbered(
            name,
            *draw(st.lists(courses, min_size=1, max_size=4)),
            prefills=draw(st.booleans()),
            streams=draw(st.sampled_from([True, True, True, False])),
            slots=draw(st.integers(1, 3)),
        )
        for name in "abc"[: draw(st.integers(1, 3))]
    ]
    return Chain(
        providers,
        timeouts=Timeouts(
            connect_s=1, first_token_s=5, between_tokens_s=5, total_s=draw(st.sampled_from([4, 30, 120]))
        ),
        patience=Patience(draw(st.integers(0, 2)), draw(st.integers(1, 3)), draw(st.integers(1, 3)), breaker_open_s=5),
        rng=random.Random(draw(st.integers(0, 9))),  # replayable
    )


def never_while_open(lane: Lane) -> None:
    """To be called as the provider is: the circuit is closed, or this is the one probe."""
    assert lane.breaker.state != "open"
    assert lane.breaker.state == "closed" or not lane.breaker.allows()


async def ask(chain: Chain, request: Request, live: LiveStreams) -> list[Attempt]:
    """One request from its beginning to its end, with all that must hold for it alone."""
    await asyncio.sleep(request.at_s)
    began = asyncio.get_running_loop().time()
    attempts: list[Attempt] = []
    try:
        async with asyncio.timeout(request.leaves_after_s):
            with chain.admit(PROMPT, provider=None, model=None) as run:
                attempts = run.attempts
                if request.whole:
                    answer, _, outcome = await run.whole()
                    assert answer.text == numbered(TOKENS)
                    assert outcome.attempts == tuple(attempts)
                else:
                    await read(AnswerStream(run, text_id="answer", live=live))
    except (ApiError, TimeoutError):
        pass
    took_s = asyncio.get_running_loop().time() - began
    assert took_s <= chain.timeouts.total_s * 1.05 + PACING_SECONDS
    assert all(attempt.outcome != "ok" for attempt in attempts[:-1])
    return attempts


async def read(stream: AnswerStream) -> None:
    async with aclosing(stream.frames()) as parts:
        frames = parse_frames(b"".join([part async for part in parts]).decode())
    text, names = text_of(frames), kinds(frames)
    assert numbered(TOKENS).startswith(text)
    assert names.count("data-outcome") + names.count("data-problem") == 1
    assert names.count("text-start") == names.count("text-end") <= 1
    if names[-1] == "data-outcome":
        assert text == numbered(TOKENS)
    else:
        assert names[-1] == "data-problem"
        assert frames[-1]["data"]["code"] != "internal_error"


@settings(max_examples=CASES, suppress_health_check=[HealthCheck.too_slow])
@given(chains(), st.lists(requests, min_size=1, max_size=6))
def test_text_ends_limits_and_circuits_hold_and_nothing_is_left_over(chain: Chain, asked: list[Request]) -> None:
    async def check() -> None:
        providers = [lane.provider for lane in chain.lanes]
        for lane in chain.lanes:
            lane.provider.before_call = lambda lane=lane: never_while_open(lane)  # type: ignore[attr-defined]
        live = LiveStreams(Metrics())
        attempts = await asyncio.gather(*(ask(chain, request, live) for request in asked))
        made = [
            attempt for each in attempts for attempt in each if attempt.model and attempt.outcome not in NEVER_CALLED
        ]
        assert len(made) == sum(provider.calls for provider in providers)  # type: ignore[attr-defined]
        assert [provider.running for provider in providers] == [0] * len(providers)  # type: ignore[attr-defined]
        assert live.count == 0
        for lane in chain.lanes:
            assert lane.limit.waiting == 0
            tickets = [lane.limit.enter() for _ in range(lane.provider.concurrency)]
            assert not any(ticket.waiting for ticket in tickets)

    run_virtually(check())
