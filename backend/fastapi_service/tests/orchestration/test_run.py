"""What becomes of one request when providers fail: in virtual time, so that pauses and limits are exact."""

import asyncio

import pytest

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    BrokenStream,
    ContentFiltered,
    ContextTooLong,
    DeadlinePassed,
    ModelNotFound,
    ProviderError,
    ProviderOverloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.providers.base import TextDelta, Timeouts
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.numbered import TOKENS, Course, Numbered
from fastapi_service.tests.orchestration.scripted import (
    PROMPT,
    TIMEOUTS,
    Collected,
    Scripted,
    chain_of,
    outcomes,
    streamed,
)
from fastapi_service.tests.orchestration.virtual_time import run_virtually

WHOLE = numbered(TOKENS)


@pytest.mark.parametrize("kind", [ProviderUnavailable, ProviderOverloaded, BrokenStream, RateLimited])
def test_a_fault_that_passes_is_tried_again(kind: type[ProviderError]) -> None:
    provider = Numbered("a", Course(fault=kind), Course(fault=kind), Course())
    sink, outcome = run_virtually(streamed(chain_of(provider)))
    assert sink.text == WHOLE
    assert outcomes(outcome) == [("a", "scripted"), ("a", "scripted"), ("a", "ok")]
    assert sink.notices == ["retry", "retry"]
    assert sink.chosen == ["a"]


@pytest.mark.parametrize("kind", [AuthFailed, ModelNotFound])
def test_a_fault_that_stays_moves_on_at_once(kind: type[ProviderError]) -> None:
    first = Numbered("a", Course(fault=kind))
    sink, outcome = run_virtually(streamed(chain_of(first, Numbered("b"))))
    assert (sink.text, first.calls) == (WHOLE, 1)
    assert (sink.notices, sink.chosen) == (["provider_changed"], ["a", "b"])
    assert outcomes(outcome) == [("a", "scripted"), ("b", "ok")]


@pytest.mark.parametrize("kind", [BadRequest, ContentFiltered, ContextTooLong])
def test_what_is_the_callers_fault_is_told_and_asked_of_nobody_else(kind: type[ProviderError]) -> None:
    other = Numbered("b")
    with pytest.raises(kind):
        run_virtually(streamed(chain_of(Numbered("a", Course(fault=kind)), other)))
    assert other.calls == 0


def test_too_long_a_prompt_goes_to_who_can_read_more() -> None:
    first, smaller, larger = Numbered("a", Course(fault=ContextTooLong)), Numbered("b"), Numbered("c")
    smaller.context_tokens, larger.context_tokens = 50_000, 200_000
    _, outcome = run_virtually(streamed(chain_of(first, smaller, larger)))
    assert outcomes(outcome) == [("a", "scripted"), ("c", "ok")]


def test_how_long_to_wait_is_obeyed() -> None:
    async def check() -> float:
        limited = Numbered("a", Course(fault=RateLimited, retry_after_s=4), Course())
        began = asyncio.get_running_loop().time()
        await streamed(chain_of(limited))
        return asyncio.get_running_loop().time() - began

    assert 4 <= run_virtually(check()) < 4.5


def test_too_long_a_wait_is_told_or_left_to_another() -> None:
    limited = Course(fault=RateLimited, retry_after_s=9)
    with pytest.raises(RateLimited) as raised:
        run_virtually(streamed(chain_of(Numbered("a", limited))))
    assert raised.value.retry_after_s == 9
    sink, outcome = run_virtually(streamed(chain_of(Numbered("a", limited), Numbered("b"))))
    assert (sink.text, outcomes(outcome)) == (WHOLE, [("a", "scripted"), ("b", "ok")])


def test_a_fault_of_an_adapter_is_left_for_another_to_answer(caplog: pytest.LogCaptureFixture) -> None:
    faulty = Scripted(ZeroDivisionError("a-private-key"), name="a")
    sink, outcome = run_virtually(streamed(chain_of(faulty, Numbered("b"), tries=1)))
    assert (sink.text, outcomes(outcome)) == (WHOLE, [("a", "failed"), ("b", "ok")])
    assert "ZeroDivisionError in the adapter of a" in caplog.text
    assert "a-private-key" not in caplog.text


def test_a_request_that_runs_out_of_time_is_nobodys_fault() -> None:
    async def check() -> None:
        slow = Numbered("a", Course(between_s=4))
        chain = chain_of(slow, breaker_failures=1)
        with pytest.raises(DeadlinePassed):
            await streamed(chain)
        assert chain.lanes[0].state == "ready"

    run_virtually(check())


def test_when_all_fail_the_caller_is_told_once() -> None:
    chain = chain_of(Numbered("a", Course(fault=ProviderUnavailable)), Numbered("b", Course(fault=ProviderOverloaded)))
    with pytest.raises(ProviderUnavailable) as raised:
        run_virtually(streamed(chain))
    assert raised.value.reason == "all_failed"


def test_when_all_are_at_their_limit_the_shortest_wait_is_told() -> None:
    waits = [Numbered(name, Course(fault=RateLimited, retry_after_s=wait)) for name, wait in (("a", 40), ("b", 20))]
    with pytest.raises(RateLimited) as raised:
        run_virtually(streamed(chain_of(*waits)))
    assert raised.value.retry_after_s == 20


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "whole"])
def test_the_deadline_holds_over_all_tries(*, whole: bool) -> None:
    silent = [Numbered(name, Course(fault="silence")) for name in "abc"]
    timeouts = Timeouts(connect_s=1, first_token_s=60, between_tokens_s=5, total_s=100)

    async def check() -> float:
        began = asyncio.get_running_loop().time()
        admitted = chain_of(*silent, timeouts=timeouts).admit(PROMPT, provider=None, model=None)
        with admitted as run, pytest.raises(ProviderTimeout) as raised:
            await (run.whole() if whole else run.stream(Collected()))
        assert raised.value.status == 504
        return asyncio.get_running_loop().time() - began

    assert run_virtually(check()) == pytest.approx(100)


def test_a_whole_answer_leaves_time_for_another_provider() -> None:
    async def check() -> list[tuple[str, str]]:
        chain = chain_of(Numbered("a", Course(fault="silence")), Numbered("b"))
        with chain.admit(PROMPT, provider=None, model=None) as run:
            answer, chosen, outcome = await run.whole()
        assert (answer.text, chosen.provider) == (WHOLE, "b")
        return outcomes(outcome)

    assert run_virtually(check()) == [("a", "answer_timeout"), ("b", "ok")]


def test_a_slow_reader_is_not_taken_for_a_provider_that_stalls() -> None:
    class Slow(Collected):
        def offer(self, event: object) -> bool:
            return not isinstance(event, TextDelta)

        async def put(self, event: object) -> None:
            await asyncio.sleep(TIMEOUTS.between_tokens_s * 1.5)
            self.events.append(event)  # type: ignore[arg-type]  # the protocol's Event

    async def check() -> str:
        sink = Slow()
        timeouts = Timeouts(connect_s=1, first_token_s=5, between_tokens_s=5, total_s=1000)
        with chain_of(Numbered("a"), timeouts=timeouts).admit(PROMPT, provider=None, model=None) as run:
            await run.stream(sink)
        return sink.text

    assert run_virtually(check()) == WHOLE
