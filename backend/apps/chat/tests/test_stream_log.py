"""What a reader gets, whenever it comes, from wherever the frames come, and however slow it is."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.chat.readers import TOO_MANY, Readers
from apps.chat.services.frame_log import Piece, Standing
from apps.chat.stream_log import PIECE_BYTES, AnswerTooLong, Log, StreamLog, end_of
from apps.core.sse import DONE, KEEP_ALIVE, frame

FRAMES = [b'data: {"type":"text-delta","delta":"t%d "}\n\n' % number for number in range(20)]
ID = uuid4()
READERS = Readers(per_user_max=1000)


def make_log(*, max_bytes: int = 1_000_000, keep_s: float = 60, keepalive_s: float = 30) -> StreamLog:
    return StreamLog(max_bytes=max_bytes, keep_s=keep_s, keepalive_s=keepalive_s)


async def read(stream_log: StreamLog, log: Log, *, after: str = "", readers: Readers = READERS) -> bytes:
    reader = readers.new(user_id="user")
    return b"".join([chunk async for chunk in stream_log.follow(log, reader=reader, after=after)])


def expected(frames: list[bytes], *, epoch: int = 1, first: int = 1) -> bytes:
    return b"".join(b"id: %d-%d\n%b" % (epoch, number, frame) for number, frame in enumerate(frames, first))


EXPECTED = expected(FRAMES) + DONE


@given(st.lists(st.integers(min_value=0, max_value=len(FRAMES)), min_size=1, max_size=5))
async def test_every_reader_gets_each_frame_once_whenever_it_joins(joins: list[int]) -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=1)
    readers = []
    for number, each in enumerate([*FRAMES, b""]):
        readers += [asyncio.create_task(read(stream_log, log)) for join in joins if join == number]
        await asyncio.sleep(0)
        if each:
            stream_log.append(log, each)
    stream_log.end(log, [])
    assert await asyncio.gather(*readers) == [EXPECTED] * len(joins)


@given(st.integers(min_value=0, max_value=len(FRAMES)))
async def test_a_reader_that_comes_back_gets_exactly_what_it_has_not_seen(seen: int) -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=3)
    stream_log.end(log, FRAMES)
    rest = await read(stream_log, log, after=f"3-{seen}")
    assert rest == expected(FRAMES[seen:], epoch=3, first=seen + 1) + DONE


@pytest.mark.parametrize("after", ["1-5", "2-21", "2-", "x-1", "2--1", "2-1²", "2", "2-" + "9" * 5000])
async def test_what_is_no_place_in_this_epoch_begins_at_its_start(after: str) -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=2)
    stream_log.end(log, FRAMES)
    assert await read(stream_log, log, after=after) == expected(FRAMES, epoch=2) + DONE


async def test_a_reader_that_leaves_takes_nothing_with_it() -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=1)
    stream_log.append(log, FRAMES[0])
    follower = stream_log.follow(log, reader=READERS.new(user_id="user"))
    await anext(follower)
    await follower.aclose()
    stream_log.end(log, FRAMES[1:])
    assert log.readers == 0
    assert await read(stream_log, log) == EXPECTED


async def test_silence_is_filled_by_comments() -> None:
    stream_log = make_log(keepalive_s=0.01)
    log = stream_log.begin(ID, epoch=1)
    follower = stream_log.follow(log, reader=READERS.new(user_id="user"))
    assert await anext(follower) == KEEP_ALIVE
    stream_log.append(log, FRAMES[0])
    while (chunk := await anext(follower)) == KEEP_ALIVE:
        pass
    assert chunk == b"id: 1-1\n" + FRAMES[0]
    await follower.aclose()


async def test_an_answer_without_end_is_bounded_but_its_last_frames_are_told() -> None:
    stream_log = make_log(max_bytes=100)
    log = stream_log.begin(ID, epoch=1)
    stream_log.append(log, FRAMES[0])
    stream_log.append(log, FRAMES[1])
    with pytest.raises(AnswerTooLong):
        stream_log.append(log, FRAMES[2])
    stream_log.end(log, [b"data: {}\n\n"])
    assert (await read(stream_log, log)).endswith(b"data: {}\n\n" + DONE)


async def test_a_connection_is_handed_a_long_answer_in_pieces() -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=1)
    frames = [b"data: %b\n\n" % (b"x" * 20_000) for _ in range(20)]
    stream_log.end(log, frames)
    reader = READERS.new(user_id="user")
    pieces = [chunk async for chunk in stream_log.follow(log, reader=reader)]
    assert b"".join(pieces) == expected(frames) + DONE
    assert max(map(len, pieces)) <= PIECE_BYTES + 1_000


async def test_a_reader_that_is_too_late_is_sent_to_begin_again_and_holds_no_memory() -> None:
    stream_log = make_log(keep_s=0.01)
    log = stream_log.begin(ID, epoch=1)
    frames = [b"data: %b\n\n" % (b"x" * PIECE_BYTES) for _ in range(3)]
    for each in frames:
        stream_log.append(log, each)
    follower = stream_log.follow(log, reader=READERS.new(user_id="user"))
    assert await anext(follower) == expected(frames[:1])
    stream_log.end(log, [])
    while not log.lost:
        await log.change()
    assert log.frames == []
    assert [chunk async for chunk in follower] == []  # neither the rest nor [DONE]


async def test_a_new_epoch_ends_the_readers_of_the_old_one_without_a_last_word() -> None:
    stream_log = make_log()
    old = stream_log.begin(ID, epoch=1)
    stream_log.append(old, FRAMES[0])
    reading = asyncio.create_task(read(stream_log, old))
    await asyncio.sleep(0)
    new = stream_log.begin(ID, epoch=2, frames=FRAMES[:2])
    assert await reading in (expected(FRAMES[:1]), b"")
    stream_log.end(new, FRAMES[2:])
    assert await read(stream_log, new) == expected(FRAMES, epoch=2) + DONE


def standing(first: int, stop: int, *, epoch: int = 1, ended: bool = False) -> Standing:
    return Standing(epoch, ended, (Piece(ID, epoch, first + 1, FRAMES[first:stop]),) if stop > first else ())


async def test_what_another_process_writes_is_passed_on_once_and_in_order() -> None:
    stream_log = make_log()
    log = stream_log.open_foreign(ID, standing(0, 4))
    assert log
    reading = asyncio.create_task(read(stream_log, log))
    await asyncio.sleep(0)
    assert [(each.epoch, each.number) for each in stream_log.followed()] == [(1, 4)]
    stream_log.take_news({ID: standing(4, 9)})
    stream_log.take_news({ID: standing(4, 9)})  # looked up before the first had come
    finish = frame("finish")
    stream_log.take_news({ID: Standing(1, True, (Piece(ID, 1, 10, [*FRAMES[9:], finish]),))})
    assert await reading == expected([*FRAMES, finish]) + DONE
    assert stream_log.followed() == []


@pytest.mark.parametrize(
    "news",
    [standing(0, 4, epoch=2), standing(5, 9), Standing(None, False, ()), standing(4, 4, ended=True)],
    ids=["another epoch", "a gap", "deleted", "ended, but without its end"],
)
async def test_readers_begin_again_when_another_process_says_what_does_not_follow(news: Standing) -> None:
    stream_log = make_log()
    log = stream_log.open_foreign(ID, standing(0, 4))
    assert log
    reading = asyncio.create_task(read(stream_log, log))
    await asyncio.sleep(0)
    stream_log.take_news({ID: news})
    assert await reading == expected(FRAMES[:4])
    assert stream_log.get(ID) is None


async def test_an_answer_of_another_process_is_forgotten_when_nobody_reads_it() -> None:
    stream_log = make_log()
    log = stream_log.open_foreign(ID, standing(0, 4))
    assert log
    for _ in range(2):  # at the first look its reader may not have begun
        stream_log.take_news({ID: standing(4, 4)})
    assert stream_log.get(ID) is None
    assert log.lost


async def test_only_what_the_database_has_not_is_unsaved() -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=1, frames=FRAMES[:2])
    assert stream_log.unsaved() == []
    for each in FRAMES[2:5]:
        stream_log.append(log, each)
    pieces = stream_log.unsaved()
    assert [(piece.number, list(piece.frames)) for piece in pieces] == [(3, FRAMES[2:5])]
    stream_log.append(log, FRAMES[5])
    stream_log.mark_saved(pieces)
    assert [(piece.number, list(piece.frames)) for piece in stream_log.unsaved()] == [(6, FRAMES[5:6])]
    log.closing = True  # its last frames are saved with the message
    assert stream_log.unsaved() == []


async def test_who_waits_for_the_end_hears_of_it() -> None:
    stream_log = make_log()
    log = stream_log.begin(ID, epoch=1)
    waiting = asyncio.create_task(end_of(log))
    await asyncio.sleep(0)
    stream_log.append(log, FRAMES[0])
    await asyncio.sleep(0)
    assert not waiting.done()
    stream_log.lose(log)
    await waiting


async def test_a_tab_that_comes_again_replaces_only_itself() -> None:
    stream_log, readers = make_log(), Readers(per_user_max=10)
    log = stream_log.begin(ID, epoch=1, frames=FRAMES[:1])

    async def read_as(name: str) -> bytes:
        reader = readers.new(user_id="user", name=name)
        return b"".join([chunk async for chunk in stream_log.follow(log, reader=reader)])

    first, other = asyncio.create_task(read_as("tab")), asyncio.create_task(read_as("other"))
    await asyncio.sleep(0)
    again = asyncio.create_task(read_as("tab"))
    assert await first == expected(FRAMES[:1])
    stream_log.end(log, FRAMES[1:])
    assert await again == await other == EXPECTED


async def test_above_the_limit_the_oldest_reader_is_told_and_ended() -> None:
    stream_log, readers = make_log(), Readers(per_user_max=2)
    log = stream_log.begin(ID, epoch=1, frames=FRAMES[:1])
    reading = []
    for _ in range(3):
        reading.append(asyncio.create_task(read(stream_log, log, readers=readers)))
        await asyncio.sleep(0)
    assert await reading[0] == expected(FRAMES[:1]) + TOO_MANY
    stream_log.end(log, FRAMES[1:])
    assert await asyncio.gather(*reading[1:]) == [EXPECTED] * 2
