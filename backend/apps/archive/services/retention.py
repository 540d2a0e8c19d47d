"""Deleting what has had its time, by itself: every hour, by one of all gateway processes, a little at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextvars import Context

from django.conf import settings

from apps.archive.services.chores import chore_claim
from apps.archive.services.purging import purge_steps
from apps.core.pauses import pause_at_most
from apps.core.units_of_work import DATABASE_AWAY, unit_of_work

log = logging.getLogger("lamla.retention")
LOOKS_PER_INTERVAL = 4
BREATH_SECONDS = 0.05  # between two steps, so that prompts get at the database first


class Retention:
    """The loop of this process. Units that are under way when it is ended come to their own end, which is near."""

    def __init__(self) -> None:
        self._looping: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._looping = asyncio.get_running_loop().create_task(self._loop(), name="retention", context=Context())

    async def drain(self) -> None:
        if self._looping:
            self._looping.cancel()
            await asyncio.wait({self._looping})

    async def _loop(self) -> None:
        while True:
            try:
                await purge_when_due()
            except DATABASE_AWAY:
                log.warning("nothing is purged just now: the database is away")
            except Exception as error:  # the edge of a task that nobody awaits; a row's text must not get into the log
                log.error("the purge was cut off: %s", type(error).__name__)
            await pause_at_most(settings.PURGE_INTERVAL_SECONDS / LOOKS_PER_INTERVAL)


async def purge_when_due() -> Counter[str] | None:
    """Purge if it is time and no other process does; return how many of what, None when it was not ours to do."""
    if not await unit_of_work(chore_claim, name="purge", every_s=settings.PURGE_INTERVAL_SECONDS):
        return None
    deleted, steps = Counter[str](), purge_steps()
    while (step := await unit_of_work(_next, steps)) is not None:
        deleted[step[0]] += step[1]
        await asyncio.sleep(BREATH_SECONDS)
    if deleted.total():
        log.info("purged: %s", told(deleted))
    return deleted


def _next(steps: Iterator[tuple[str, int]]) -> tuple[str, int] | None:
    return next(steps, None)


def told(deleted: Counter[str]) -> str:
    """The counts as a line of words."""
    return ", ".join(f"{count} {kind}" for kind, count in deleted.items() if count) or "nothing"


_retention: Retention | None = None


def retention() -> Retention:
    """The retention of this process."""
    global _retention
    if _retention is None:
        _retention = Retention()
    return _retention
