"""Waiting for one thing or a moment, as every stream does all the time: an event in a timeout takes far more memory."""

import asyncio


async def settled(waiter: asyncio.Future[bool], *, within_s: float | None) -> bool:
    """What it is settled to, and False when that takes longer."""
    timer = asyncio.get_running_loop().call_later(within_s, settle, waiter, False) if within_s is not None else None
    try:
        return await waiter
    finally:
        if timer:
            timer.cancel()


def settle(waiter: asyncio.Future[bool], to: bool) -> None:
    """Once: who comes later finds it settled."""
    if not waiter.done():
        waiter.set_result(to)
