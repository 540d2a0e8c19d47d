"""What becomes of one request when providers fail: in virtual time, so that pauses and limits are exact."""

import asyncio

import pytest

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    BrokenStream,
    CircuitOpen,
    ContentFiltered,
    ContextTooLong,
    DeadlinePassed,
    InvalidInput,
    ModelNotFound,
    ProviderError,
    ProviderOverloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.orchestration.chain import Chain
from fastapi_service.orchestration.events import Outcome
from fastapi_service.providers.base import Abilities, Image, Message, Prompt, ReasoningDelta, TextDelta, Timeouts
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.numbered import TOKENS, Course, Numbered
from fastapi_service.tests.orchestration.scripted import END, PROMPT, TIMEOUTS, Collected, Scripted, chain_of
from fastapi_service.tests.orchestration.virtual_time import run_virtually

WHOLE = numbered(TOKENS)
FAILED = ProviderUnavailable("It failed.", provider="a", reason="http_500")


async def streamed(
    chain: Chain, prompt: Prompt = PROMPT, provider: str | None = None, model: str | None = None
) -> tuple[Collected, Outcome]:
    sink = Collected()
    with chain.admit(prompt, provider=provider, model=model) as run:
        return sink, await run.stream(sink)


def outcomes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(attempt.provider, attempt.outcome) for attempt in outcome.attempts]


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


@pytest.mark.parametrize("fault", [BrokenStream, ProviderUnavailable, RateLimited, "silence"])
@pytest.mark.parametrize("prefills", [True, False], ids=["prefill", "in words"])
@pytest.mark.parametrize("overlap", [0, 6])
def test_an_answer_that_breaks_is_gone_on_with_by_another(
    fault: type[ProviderError] | str, *, prefills: bool, overlap: int
) -> None:
    first = Numbered("a", Course(fails_at=7, fault=fault, between_s=0.1))
    second = Numbered("b", Course(overlap=overlap), prefills=prefills)
    sink, outcome = run_virtually(streamed(chain_of(first, second)))
    assert sink.text == WHOLE
    assert sink.notices == ["seam"]
    assert sink.chosen == ["a", "b"]
    assert outcome.attempts[0].output_tokens == 7
    assert outcome.usage.output_tokens >= TOKENS


def test_where_there_is_no_other_the_same_one_goes_on() -> None:
    provider = Numbered("a", Course(fails_at=3, fault=BrokenStream), Course(fails_at=4, fault=BrokenStream), Course())
    sink, outcome = run_virtually(streamed(chain_of(provider)))
    assert (sink.text, len(outcome.attempts)) == (WHOLE, 3)


def test_an_answer_ends_when_two_have_nothing_to_add_and_says_that_nobody_knows() -> None:
    first = Numbered("a", Course(fails_at=TOKENS, fault=BrokenStream), Course())
    sink, outcome = run_virtually(streamed(chain_of(first, Numbered("b", prefills=True))))
    assert (sink.text, outcome.finish_reason) == (WHOLE, "other")
    assert outcomes(outcome) == [("a", "scripted"), ("b", "empty"), ("a", "empty")]


def test_one_silence_is_no_end() -> None:
    first = Numbered("a", Course(fails_at=5, fault=BrokenStream), Course(fails_at=0, fault=ProviderUnavailable))
    silent = Scripted(BrokenStream("An empty answer.", provider="b", reason="empty"), name="b")
    with pytest.raises(ProviderError):
        run_virtually(streamed(chain_of(first, silent, tries=1)))


def test_silences_of_who_was_asked_to_go_on_open_no_circuit() -> None:
    async def check() -> None:
        silent = Scripted(BrokenStream("An empty answer.", provider="b", reason="empty"), name="b")
        chain = chain_of(silent, breaker_failures=1)
        prompt = Prompt(PROMPT.messages, continue_from="All of it.")
        for _ in range(3):
            await streamed(chain, prompt)
        assert chain.lanes[0].state == "ready"

    run_virtually(check())


def test_one_who_has_nothing_to_add_may_be_mistaken() -> None:
    empty = BrokenStream("An empty answer.", provider="b", reason="empty")
    first = Numbered("a", Course(fails_at=4, fault=BrokenStream), Course())
    sink, _ = run_virtually(streamed(chain_of(first, Scripted(empty, name="b"))))
    assert sink.text == WHOLE


def test_who_goes_on_is_held_to_what_is_left_of_the_output() -> None:
    broken = BrokenStream("It broke.", provider="a", reason="cut")
    first = Scripted(*[TextDelta(f"t{n} ") for n in range(7)], broken, name="a")
    second = Scripted(TextDelta("t7 "), END, name="b")
    run_virtually(streamed(chain_of(first, second), Prompt(PROMPT.messages, max_output_tokens=20)))
    assert (first.prompts[0].max_output_tokens, second.prompts[0].max_output_tokens) == (20, 13)


def test_thinking_takes_nothing_from_who_goes_on_and_a_used_up_output_is_a_length() -> None:
    broken = BrokenStream("It broke.", provider="a", reason="cut")
    first = Scripted(*[ReasoningDelta("hm")] * 9, TextDelta("t0 "), broken, name="a")
    second = Scripted(TextDelta("t1 "), broken, name="b")
    prompt = Prompt(PROMPT.messages, max_output_tokens=2)
    sink, outcome = run_virtually(streamed(chain_of(first, second), prompt))
    assert second.prompts[0].max_output_tokens == 1
    assert (sink.text, outcome.finish_reason) == ("t0 t1 ", "length")


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


def test_the_model_that_is_asked_for_is_asked_of_its_provider_only() -> None:
    async def check() -> None:
        asked, other = Numbered("a", Course(fault=BrokenStream), Course()), Numbered("b", Course(fault=BrokenStream))
        asked.models = ("a1", "a2")
        with chain_of(asked, other, tries=2).admit(PROMPT, provider="a", model="a2") as run:
            outcome = await run.stream(Collected())
        assert [attempt.model for attempt in outcome.attempts] == ["a2", "a2"]
        seeing = Scripted(TextDelta("t0 "), END, name="c", abilities=Abilities(images=True))
        prompt = Prompt((Message("user", ("What is this?", Image("image/png", "AAAA"))),))
        with chain_of(asked, seeing).admit(prompt, provider=None, model="a2") as run:
            outcome = await run.stream(Collected())
        assert [attempt.model for attempt in outcome.attempts] == ["script"]

    run_virtually(check())


def test_thinking_alone_is_no_answer_to_go_on_from() -> None:
    broken = BrokenStream("It broke.", provider="a", reason="cut")
    second = Scripted(TextDelta("t0 "), END, name="b")
    chain = chain_of(Scripted(ReasoningDelta("hm"), broken, name="a"), second, tries=1)
    sink, _ = run_virtually(streamed(chain))
    assert (sink.text, sink.notices) == ("t0 ", ["provider_changed"])
    assert second.prompts[0].messages == PROMPT.messages


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


def test_an_open_circuit_is_passed_by_and_told_where_there_is_no_other() -> None:
    async def check() -> None:
        dead, other = Numbered("local", Course(fault=AuthFailed)), Numbered("b")
        chain = chain_of(dead, other, breaker_failures=2)
        for _ in range(4):
            sink, _ = await streamed(chain)
            assert sink.notices == ["provider_changed"]
        assert (dead.calls, other.calls) == (2, 4)
        with pytest.raises(CircuitOpen):
            await streamed(chain, provider="local")

    run_virtually(check())


def test_a_full_queue_is_left_for_a_provider_with_room() -> None:
    async def check() -> None:
        busy = Numbered("a", Course(first_s=3), slots=1)
        chain = chain_of(busy, Numbered("b"), queue_length=0)
        holding = asyncio.create_task(streamed(chain))
        await asyncio.sleep(1)
        _, outcome = await streamed(chain)
        assert outcomes(outcome) == [("b", "ok")]
        await holding

    run_virtually(check())


def test_a_choice_comes_first_and_one_of_the_own_machine_stays_there() -> None:
    failing = Course(fault=ProviderUnavailable)
    _, outcome = run_virtually(streamed(chain_of(Numbered("a"), Numbered("b", failing)), provider="b"))
    assert outcomes(outcome)[-1] == ("a", "ok")
    elsewhere = Numbered("a")
    with pytest.raises(ProviderUnavailable):
        run_virtually(streamed(chain_of(elsewhere, Numbered("local", failing)), provider="local"))
    with pytest.raises(ProviderUnavailable):
        run_virtually(streamed(chain_of(elsewhere, Numbered("local", failing)), model="model of local"))
    assert elsewhere.calls == 0


def test_a_smaller_model_reads_the_newest_turns_and_says_so() -> None:
    turns = [Message(("user", "assistant")[n % 2], f"turn {n} " * 50) for n in range(10)]
    prompt = Prompt((Message("system", "Be brief."), *turns, Message("user", "Why?")))
    large = Scripted(FAILED, name="a", prompt_budget_tokens=10_000)
    small = Scripted(TextDelta("t0 "), END, name="b", prompt_budget_tokens=500)
    sink, _ = run_virtually(streamed(chain_of(large, small, tries=1), prompt))
    assert large.prompts[0].messages == prompt.messages
    kept = small.prompts[0].messages
    assert (kept[0], kept[-1]) == (prompt.messages[0], prompt.messages[-1])
    assert len(kept) < len(prompt.messages)
    assert sink.notices == ["provider_changed", "turns_dropped"]


def test_images_go_to_who_can_see() -> None:
    prompt = Prompt((Message("user", ("What is this?", Image("image/png", "AAAA"))),))
    blind = Scripted(TextDelta("no"), END, name="a")
    seeing = Scripted(TextDelta("t0 "), END, name="b", abilities=Abilities(images=True))
    _, outcome = run_virtually(streamed(chain_of(blind, seeing), prompt))
    assert outcomes(outcome) == [("b", "ok")]
    with pytest.raises(InvalidInput) as raised:
        run_virtually(streamed(chain_of(blind), prompt))
    assert raised.value.code == "images_not_supported"
