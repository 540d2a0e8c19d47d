"""Pauses between tries."""

import asyncio
import random


async def pause_at_most(seconds: float) -> None:
    """Sleep for half of it to all of it, so that many who were refused at one moment do not come back at one moment."""
    await asyncio.sleep(random.uniform(seconds / 2, seconds))  # noqa: S311  no secret depends on it
