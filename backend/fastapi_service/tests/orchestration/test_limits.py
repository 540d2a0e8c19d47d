import asyncio
from contextlib import ExitStack

import pytest

from fastapi_service.core.errors import Overloaded
from fastapi_service.orchestration.limits import ConcurrencyLimit


async def test_who_came_first_is_served_first() -> None:
    limit = ConcurrencyLimit(slots=1, queue_length=3)
    served: list[int] = []

    async def customer(number: int) -> None:
        with limit.enter() as ticket:
            await ticket.admitted()
            served.append(number)

    with limit.enter() as first:
        assert not first.waiting
        tasks = [asyncio.create_task(customer(number)) for number in range(3)]
        await asyncio.sleep(0)
        assert served == []
    await asyncio.gather(*tasks)
    assert served == [0, 1, 2]


async def test_a_full_queue_refuses_and_says_when_to_come_back() -> None:
    limit = ConcurrencyLimit(slots=1, queue_length=1)
    with limit.enter(), limit.enter() as waiting:
        assert waiting.waiting
        with pytest.raises(Overloaded) as raised:
            limit.enter()
    assert raised.value.retry_after_s
    with limit.enter() as ticket:
        assert not ticket.waiting


async def test_who_leaves_the_queue_takes_nobodys_turn() -> None:
    limit = ConcurrencyLimit(slots=1, queue_length=3)
    with ExitStack() as places, limit.enter() as last:
        places.enter_context(limit.enter())
        # `last` is first here; the two behind it wait, and the one in between gives up.
        assert not last.waiting
    with limit.enter() as holder:
        assert not holder.waiting
        with limit.enter() as leaving:
            waiter = asyncio.create_task(leaving.admitted())
            await asyncio.sleep(0)
            waiter.cancel()
            await asyncio.wait({waiter})
        following = limit.enter()
        assert following.waiting
    with following:
        await asyncio.wait_for(following.admitted(), 1)
    with limit.enter() as free:
        assert not free.waiting


async def test_who_gives_up_just_when_a_slot_gets_free_gives_no_slot_away_twice() -> None:
    limit = ConcurrencyLimit(slots=1, queue_length=3)
    holder, leaver = limit.enter(), limit.enter()
    waiting = asyncio.create_task(leaver.admitted())
    await asyncio.sleep(0)
    waiting.cancel()
    holder.leave()  # before the one who gave up got to leave the queue
    await asyncio.wait({waiting})
    leaver.leave()
    with limit.enter() as one:
        assert not one.waiting
        with limit.enter() as other:
            assert other.waiting
