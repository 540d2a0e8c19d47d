import asyncio
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chat.stream_log import AnswerTooLong, MemoryStreamLog
from apps.core.sse import DONE, KEEP_ALIVE

FRAMES = [b'data: {"type":"text-delta","delta":"t%d "}\n\n' % number for number in range(20)]


def make_log(*, max_bytes: int = 1_000_000, keepalive_s: float = 30) -> MemoryStreamLog:
    return MemoryStreamLog(epoch=1, max_bytes=max_bytes, keep_s=60, keepalive_s=keepalive_s)


async def read(log: MemoryStreamLog, generation_id: UUID, received: list[bytes]) -> None:
    received.extend([chunk async for chunk in log.follow(generation_id)])


EXPECTED = b"".join(b"id: 1-%d\n%b" % (number, frame) for number, frame in enumerate(FRAMES, 1)) + DONE


@given(st.lists(st.integers(min_value=0, max_value=len(FRAMES)), min_size=1, max_size=5))
async def test_every_reader_gets_each_frame_once_whenever_it_joins(joins: list[int]) -> None:
    log, generation_id = make_log(), uuid4()
    log.open(generation_id)
    received: list[list[bytes]] = [[] for _ in joins]
    readers = []
    for number, frame in enumerate(FRAMES):
        readers += [
            asyncio.create_task(read(log, generation_id, received[which]))
            for which, join in enumerate(joins)
            if join == number
        ]
        await asyncio.sleep(0)
        log.append(generation_id, frame)
    log.end(generation_id)
    readers += [
        asyncio.create_task(read(log, generation_id, received[which]))
        for which, join in enumerate(joins)
        if join == len(FRAMES)
    ]
    await asyncio.gather(*readers)
    assert [b"".join(chunks) for chunks in received] == [EXPECTED] * len(joins)


async def test_a_reader_that_leaves_takes_nothing_with_it() -> None:
    log, generation_id = make_log(), uuid4()
    log.open(generation_id)
    log.append(generation_id, FRAMES[0])
    follower = log.follow(generation_id)
    await anext(follower)
    await follower.aclose()
    log.end(generation_id, *FRAMES[1:])
    received: list[bytes] = []
    await read(log, generation_id, received)
    assert b"".join(received) == EXPECTED


async def test_silence_is_filled_by_comments() -> None:
    log, generation_id = make_log(keepalive_s=0.01), uuid4()
    log.open(generation_id)
    follower = log.follow(generation_id)
    assert await anext(follower) == KEEP_ALIVE
    log.append(generation_id, FRAMES[0])
    while (chunk := await anext(follower)) == KEEP_ALIVE:
        pass
    assert chunk == b"id: 1-1\n" + FRAMES[0]
    await follower.aclose()


async def test_an_answer_without_end_is_bounded_but_its_last_frames_are_told() -> None:
    log, generation_id = make_log(max_bytes=100), uuid4()
    log.open(generation_id)
    log.append(generation_id, FRAMES[0])
    log.append(generation_id, FRAMES[1])
    with pytest.raises(AnswerTooLong):
        log.append(generation_id, FRAMES[2])
    log.end(generation_id, b"data: {}\n\n")
    received: list[bytes] = []
    await read(log, generation_id, received)
    assert b"".join(received).endswith(b"data: {}\n\n" + DONE)
