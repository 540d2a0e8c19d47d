import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.orchestration.events import Attempt, Chosen, Event, Notice, Outcome
from fastapi_service.orchestration.frames import FrameWriter, window_s
from fastapi_service.providers.base import ReasoningDelta, TextDelta, Usage
from fastapi_service.tests.frames import kinds, parse_frames, text_of

OUTCOME = Outcome("stop", Usage(3, 2), (Attempt("local", "m", "ok", 12, 5, 3, 2),))
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
batches = st.lists(st.lists(st.builds(TextDelta, texts) | st.builds(ReasoningDelta, texts), max_size=5), max_size=8)


@pytest.mark.parametrize(("live_streams", "seconds"), [(0, 0.025), (1, 0.025), (8, 0.025), (104, 0.0875), (200, 0.150)])
def test_the_window_follows_the_load(live_streams: int, seconds: float) -> None:
    assert window_s(live_streams) == pytest.approx(seconds)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_window_only_grows_and_stays_within_its_bounds(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert 0.025 <= window_s(fewer) <= window_s(more) <= 0.150


def test_the_bytes_are_exact() -> None:
    writer = FrameWriter("msg-1")
    written = writer.write([Notice("queued", "Wait."), Chosen("local", "m"), TextDelta("Größe "), TextDelta("2\n")])
    written += writer.finish(OUTCOME)
    assert written.decode() == (
        'data: {"type":"data-notice","transient":true,"data":{"code":"queued","message":"Wait."}}\n\n'
        'data: {"type":"message-metadata","messageMetadata":{"provider":"local","model":"m"}}\n\n'
        'data: {"type":"text-start","id":"msg-1"}\n\n'
        'data: {"type":"text-delta","id":"msg-1","delta":"Größe 2\\n"}\n\n'
        'data: {"type":"text-end","id":"msg-1"}\n\n'
        'data: {"type":"data-outcome","data":{"finish_reason":"stop","usage":{"input_tokens":3,"output_tokens":2},'
        '"attempts":[{"provider":"local","model":"m","outcome":"ok","ms":12,"first_token_ms":5,"input_tokens":3,'
        '"output_tokens":2}]}}\n\n'
    )


@given(batches)
def test_nothing_is_lost_doubled_or_mixed_and_each_part_is_opened_and_closed(batches: list[list[Event]]) -> None:
    writer = FrameWriter("answer")
    written = b"".join(writer.write(batch) for batch in batches) + writer.finish(OUTCOME)
    frames = parse_frames(written.decode())
    deltas = [delta for batch in batches for delta in batch]
    assert text_of(frames) == "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
    assert text_of(frames, "reasoning-delta") == "".join(d.text for d in deltas if isinstance(d, ReasoningDelta))
    is_open: set[str] = set()
    for frame in frames[:-1]:
        part, _, what = frame["type"].rpartition("-")
        assert (part in is_open) == (what != "start")
        assert not (part == "text" and "reasoning" in is_open)
        (is_open.discard if what == "end" else is_open.add)(part)
    assert not is_open
    assert kinds(frames).count("data-outcome") == kinds(frames).count("text-start") == 1


@given(batches)
def test_who_goes_on_with_a_text_does_not_open_it_again(batches: list[list[Event]]) -> None:
    writer = FrameWriter("answer", goes_on=True)
    frames = parse_frames((b"".join(writer.write(batch) for batch in batches) + writer.finish(OUTCOME)).decode())
    assert "text-start" not in kinds(frames)
    assert kinds(frames)[-2:] == ["text-end", "data-outcome"]


def test_who_goes_on_thinks_in_a_part_of_its_own() -> None:
    events: list[Event] = [
        Chosen("a", "m"),
        ReasoningDelta("hm"),
        Chosen("b", "n"),
        ReasoningDelta("so"),
        TextDelta("42"),
    ]
    frames = parse_frames(FrameWriter("answer").write(events).decode())
    assert kinds(frames) == [
        *("message-metadata", "reasoning-start", "reasoning-delta", "reasoning-end"),
        *("message-metadata", "reasoning-start", "reasoning-delta", "reasoning-end"),
        *("text-start", "text-delta"),
    ]


def test_a_failure_closes_what_is_open() -> None:
    writer = FrameWriter("answer")
    frames = parse_frames((writer.write([ReasoningDelta("hm")]) + writer.fail({"code": "x"})).decode())
    assert kinds(frames) == ["reasoning-start", "reasoning-delta", "reasoning-end", "data-problem"]


def test_a_failure_before_any_text_is_only_the_problem() -> None:
    assert kinds(parse_frames(FrameWriter("answer").fail({"code": "x"}).decode())) == ["data-problem"]
