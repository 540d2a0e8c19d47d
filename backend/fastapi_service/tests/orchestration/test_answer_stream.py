import asyncio
from contextlib import aclosing

import pytest

from fastapi_service.core.errors import BrokenStream
from fastapi_service.orchestration.answer_stream import AnswerStream, LiveStreams
from fastapi_service.orchestration.event_buffer import BUFFER_MAX_CHARS
from fastapi_service.orchestration.metrics import Metrics
from fastapi_service.providers.base import Abilities, Finished, ReasoningDelta, TextDelta, Timeouts, Usage
from fastapi_service.tests.frames import kinds, numbered, parse_frames, text_of
from fastapi_service.tests.orchestration.scripted import END, PROMPT, TIMEOUTS, Scripted, chain_of, frames_of


async def all_frames(provider: Scripted, timeouts: Timeouts = TIMEOUTS) -> list[dict[str, object]]:
    return parse_frames(b"".join([part async for part in frames_of(provider, timeouts=timeouts)]).decode())


async def test_the_first_token_goes_out_at_once_and_later_ones_are_gathered() -> None:
    tokens = [TextDelta(f"t{number} ") for number in range(100)]
    script = [tokens[0], 0.001, *[step for token in tokens[1:] for step in (token, 0.002)], END]
    parts = [part async for part in frames_of(Scripted(*script))]
    frames = [frame for part in parts for frame in parse_frames(part.decode())]
    deltas = [frame["delta"] for frame in frames if frame["type"] == "text-delta"]
    assert deltas[0] == "t0 "
    assert "".join(deltas) == numbered(100)
    assert len(deltas) < 30


async def test_reasoning_comes_in_a_part_of_its_own() -> None:
    frames = await all_frames(Scripted(ReasoningDelta("r0 "), ReasoningDelta("r1 "), TextDelta("t0 "), END))
    assert kinds(frames) == [
        "message-metadata",
        "reasoning-start",
        "reasoning-delta",
        "reasoning-end",
        "text-start",
        "text-delta",
        "text-end",
        "data-outcome",
    ]


async def test_silence_is_filled_with_comments() -> None:
    parts = [part async for part in frames_of(Scripted(0.35, TextDelta("t0 "), END), keep_alive_s=0.1)]
    assert 2 <= parts.count(b": keep-alive\n\n") <= 4
    assert b"t0 " in b"".join(parts)


async def test_a_provider_that_cannot_stream_is_paced_out_in_small_frames() -> None:
    words = numbered(100)
    frames = await all_frames(Scripted(TextDelta(words), Finished("stop", Usage()), abilities=Abilities(stream=False)))
    assert text_of(frames) == words
    assert kinds(frames).count("text-delta") > 5
    assert kinds(frames)[-1] == "data-outcome"


async def test_a_slow_reader_holds_the_model_back_and_loses_nothing() -> None:
    size = 1000
    provider = Scripted(*[TextDelta("x" * size) for _ in range(1000)], END)
    frames = frames_of(provider)
    first = await anext(frames)
    for _ in range(100):
        await asyncio.sleep(0)
    # One buffer was taken for the first frames, and filled once more since.
    assert provider.yielded <= 2 * (BUFFER_MAX_CHARS / size + 2)
    text = first + b"".join([part async for part in frames])
    assert len(text_of(parse_frames(text.decode()))) == 1000 * size


@pytest.mark.parametrize(
    ("timeouts", "script", "reason"),
    [
        (Timeouts(1, 0.1, 5, 10), [5.0], "first_token_timeout"),
        (Timeouts(1, 5, 0.1, 10), [TextDelta("t0 "), 5.0], "stalled"),
        (Timeouts(1, 5, 5, 0.2), [step for _ in range(100) for step in (TextDelta("t0 "), 0.02)], "total_timeout"),
    ],
    ids=["first token", "stall", "total"],
)
async def test_each_limit_ends_the_stream_with_its_reason(
    timeouts: Timeouts, script: list[TextDelta | float], reason: str
) -> None:
    provider = Scripted(*script, END)
    with chain_of(provider, timeouts=timeouts, tries=1).admit(PROMPT, provider=None, model=None) as run:
        written = b"".join(
            [part async for part in AnswerStream(run, text_id="a", live=LiveStreams(Metrics())).frames()]
        )
    frames = parse_frames(written.decode())
    assert frames[-1]["data"]["status"] == 504
    assert frames[-1]["data"]["code"] == "provider_timeout"
    assert [attempt.outcome for attempt in run.attempts] == [reason]
    assert provider.closed


async def test_reasoning_counts_as_life() -> None:
    thinking = [step for _ in range(8) for step in (ReasoningDelta("hm "), 0.05)]
    frames = await all_frames(Scripted(*thinking, TextDelta("42"), END), Timeouts(1, 0.2, 0.2, 10))
    assert kinds(frames)[-1] == "data-outcome"


async def test_a_break_keeps_what_was_sent() -> None:
    broken = BrokenStream("It broke off.", provider="scripted", reason="cut")
    frames = await all_frames(Scripted(TextDelta("t0 "), TextDelta("t1 "), broken))
    assert kinds(frames)[-3:] == ["text-delta", "text-end", "data-problem"]
    assert text_of(frames) == "t0 t1 "
    assert frames[-1]["data"]["detail"] == "It broke off."  # type: ignore[index]


async def test_a_fault_of_our_own_is_told_without_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    frames = await all_frames(Scripted(TextDelta("t0 "), ZeroDivisionError("private inside")))
    document = frames[-1]["data"]
    assert (document["status"], document["code"]) == (502, "provider_unavailable")  # type: ignore[index]
    assert "inside" not in str(document) + caplog.text
    assert "ZeroDivisionError in the adapter of scripted" in caplog.text


async def test_leaving_or_being_abandoned_ends_the_providers_request() -> None:
    live = LiveStreams(Metrics())
    for leave in ("close", "abandon"):
        provider = Scripted(TextDelta("t0 "), 60.0, END)
        with chain_of(provider).admit(PROMPT, provider=None, model=None) as run:
            stream = AnswerStream(run, text_id="a", live=live)
            async with asyncio.timeout(1), aclosing(stream.frames()) as frames:
                await anext(frames)
                assert live.count == 1
                if leave == "abandon":
                    stream.abandon()
                    assert [part async for part in frames if b"outcome" in part or b"problem" in part] == []
        assert provider.closed
        assert live.count == 0
        assert run.attempts[-1].outcome == "cancelled"
