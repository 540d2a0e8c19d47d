from itertools import pairwise

import orjson
from hypothesis import given
from hypothesis import strategies as st

from apps.core.sse import cut, frame, is_frame, members_of, numbered

FRAMES = [frame("text-delta", id="answer", delta="é\n\n« 😀 »"), frame("text-end", id="answer"), frame("finish")]


def collected(stream: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(place % (len(stream) + 1) for place in cuts), len(stream)]
    found, rest = [], b""
    for start, end in pairwise(bounds):
        whole, rest = cut(rest + stream[start:end])
        found += whole
    return found


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=40))
def test_frames_come_out_whole_wherever_the_network_cuts(cuts: list[int]) -> None:
    stream = b": keep-alive\n\n".join(FRAMES)
    assert collected(stream, cuts) == FRAMES


def test_a_frame_that_never_ended_is_not_passed_on() -> None:
    assert collected(FRAMES[0] + b'data: {"type":"text-del', []) == FRAMES[:1]


@given(st.text())
def test_a_frame_carries_any_text(delta: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in delta):
        return
    block = frame("text-delta", id="answer", delta=delta)
    assert block.count(b"\n\n") == 1
    assert is_frame(block, "text-delta")
    assert not is_frame(block, "text-end")
    assert members_of(block)["delta"] == delta


def test_a_number_is_put_before_the_frame_and_changes_no_byte_of_it() -> None:
    assert numbered(FRAMES[0], epoch=3, number=17) == b"id: 3-17\n" + FRAMES[0]
    assert orjson.loads(FRAMES[2].removeprefix(b"data: "))["type"] == "finish"
