"""What becomes of an answer that breaks after its first words."""

import pytest

from fastapi_service.core.errors import (
    BrokenStream,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.providers.base import Prompt, ReasoningDelta, TextDelta
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.numbered import TOKENS, Course, Numbered
from fastapi_service.tests.orchestration.scripted import (
    END,
    PROMPT,
    Scripted,
    chain_of,
    outcomes,
    streamed,
)
from fastapi_service.tests.orchestration.virtual_time import run_virtually

WHOLE = numbered(TOKENS)


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


def test_thinking_alone_is_no_answer_to_go_on_from() -> None:
    broken = BrokenStream("It broke.", provider="a", reason="cut")
    second = Scripted(TextDelta("t0 "), END, name="b")
    chain = chain_of(Scripted(ReasoningDelta("hm"), broken, name="a"), second, tries=1)
    sink, _ = run_virtually(streamed(chain))
    assert (sink.text, sink.notices) == ("t0 ", ["provider_changed"])
    assert second.prompts[0].messages == PROMPT.messages
