"""Which provider is asked, and what it is asked."""

import asyncio
import random

import pytest

from fastapi_service.core.errors import (
    AuthFailed,
    BrokenStream,
    CircuitOpen,
    InvalidInput,
    ProviderUnavailable,
)
from fastapi_service.orchestration.lane import Route
from fastapi_service.providers.base import Abilities, Image, Message, Prompt, TextDelta
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.numbered import TOKENS, Course, Numbered
from fastapi_service.tests.orchestration.scripted import (
    END,
    PROMPT,
    Collected,
    Scripted,
    chain_of,
    outcomes,
    streamed,
)
from fastapi_service.tests.orchestration.virtual_time import run_virtually

WHOLE = numbered(TOKENS)
FAILED = ProviderUnavailable("It failed.", provider="a", reason="http_500")


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


def test_a_choice_that_cannot_see_is_told_who_answers_instead() -> None:
    prompt = Prompt((Message("user", ("What is this?", Image("image/png", "AAAA"))),))
    blind = Scripted(TextDelta("no"), END, name="a", label="The blind one")
    seeing = Scripted(TextDelta("t0 "), END, name="b", abilities=Abilities(images=True))
    sink, outcome = run_virtually(streamed(chain_of(blind, seeing), prompt, provider="a"))
    assert outcomes(outcome) == [("b", "ok")]
    assert sink.notices == ["provider_changed"]


def test_a_question_about_an_image_does_not_move_on_to_who_cannot_see() -> None:
    prompt = Prompt((Message("user", ("What is this?", Image("image/png", "AAAA"))),))
    failing = Scripted(FAILED, name="a", abilities=Abilities(images=True))
    blind = Scripted(TextDelta("no"), END, name="b")
    with pytest.raises(ProviderUnavailable):
        run_virtually(streamed(chain_of(failing, blind, tries=1), prompt))
    assert blind.prompts == []


IMAGE_BEFORE = Prompt(
    (
        Message("user", ("What is this?", Image("image/png", "AAAA"))),
        Message("assistant", "A chloroplast."),
        Message("user", "What does it do?"),
    )
)


def test_after_an_image_who_sees_comes_first_unless_another_is_chosen() -> None:
    for chosen, answers in ((None, "b"), ("a", "a")):
        blind = Scripted(TextDelta("t0 "), END, name="a")
        seeing = Scripted(TextDelta("t0 "), END, name="b", abilities=Abilities(images=True))
        _, outcome = run_virtually(streamed(chain_of(blind, seeing), IMAGE_BEFORE, provider=chosen))
        assert outcomes(outcome) == [(answers, "ok")]


def test_who_goes_on_after_an_image_and_cannot_see_is_told_that_it_was_there_and_the_reader_too() -> None:
    failing = Scripted(FAILED, name="a", abilities=Abilities(images=True), prompt_budget_tokens=5000)
    blind = Scripted(TextDelta("t0 "), END, name="b")
    sink, _ = run_virtually(streamed(chain_of(failing, blind, tries=1), IMAGE_BEFORE))
    assert failing.prompts[0] == IMAGE_BEFORE
    asked = blind.prompts[0]
    assert not asked.has_images
    assert asked.messages[0].text == "What is this?\n[A picture was here, which you cannot see.]"
    assert asked.messages[1:] == IMAGE_BEFORE.messages[1:]
    assert sink.notices == ["provider_changed", "images_dropped"]


def test_nobody_is_asked_when_no_time_is_left() -> None:
    async def check() -> None:
        lanes = chain_of(Numbered("a"), Numbered("b")).lanes
        for left_s, goes_on in ((0.0, False), (1.0, True)):
            route = Route(lanes, tries=3, rng=random.Random(1))
            assert (route.after(lanes[0], FAILED, written=False, left_s=left_s) is not None) == goes_on

    run_virtually(check())
