"""One task that looks at the database for all in this process who wait for news: only while somebody does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

log = logging.getLogger("lamla.lookout")
GATHER_SECONDS = 0.05  # between two looks at least, however often there is a nudge
BACKOFF_DOUBLINGS_MAX = 4  # of the time between two looks, while the database cannot be read


class Lookout:
    """Calls `look` every `every_s`, or soon after a nudge, as long as it `is_wanted`. It holds nothing in between."""

    def __init__(
        self, name: str, look: Callable[[], Awaitable[None]], *, is_wanted: Callable[[], bool], every_s: float
    ) -> None:
        self._name, self._look, self._is_wanted, self._every_s = name, look, is_wanted, every_s
        self._nudged = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        return self._looking is not None and not self._looking.done()

    def begin(self) -> None:
        """Somebody wants to know, and at once."""
        if not self.is_running:
            self._looking = asyncio.create_task(self._run(), name=self._name)
        self.nudge()

    def nudge(self) -> None:
        """There may be news."""
        self._nudged.set()

    async def close(self) -> None:
        """End the task."""
        if self._looking:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def _run(self) -> None:
        failures = 0
        while self._is_wanted():
            self._nudged.clear()
            try:
                await self._look()
                failures = 0
            except Exception as error:  # the edge of a task that all who wait depend on
                failures += 1
                # Named and not quoted: a database puts the row that it refuses into its words.
                log.warning("%s: the database could not be read: %s", self._name, type(error).__name__)
            await self._pause(failures)

    async def _pause(self, failures: int) -> None:
        if failures:
            await asyncio.sleep(self._every_s * 2 ** min(failures, BACKOFF_DOUBLINGS_MAX))
            return
        await asyncio.sleep(GATHER_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._every_s - GATHER_SECONDS):
                await self._nudged.wait()
