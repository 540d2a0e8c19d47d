"""What goes on beside a round: a look into the log for each new token, and at conversations at random moments."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from random import Random

from chaos.database import AWAY, Database
from chaos.recovery import Sighting
from chaos.screen import tokens_in
from chaos.student import Student

POLL_SECONDS = 0.1
GLANCE_EVERY_SECONDS = 0.1
# A transaction that commits late can have taken an earlier row number.
LATE_ROWS = 500


class LogWatch:
    """Notes by prompt's name when the database had how many tokens of its answer."""

    def __init__(self, database: Database, *, prefix: str) -> None:
        self.sightings: defaultdict[str, list[Sighting]] = defaultdict(list)
        self._database = database
        self._prefix = prefix
        self._seen: set[int] = set()

    async def run(self) -> None:
        """Until cancelled."""
        latest = 0
        while True:
            try:
                rows = await asyncio.to_thread(
                    self._database.frames, prefix=self._prefix, after=max(0, latest - LATE_ROWS)
                )
            except AWAY:
                rows = []
            self._note(rows)
            latest = max([latest, *(number for number, _, _ in rows)])
            await asyncio.sleep(POLL_SECONDS)

    def _note(self, rows: Sequence[tuple[int, str, bytes]]) -> None:
        now = time.time()
        for number, name, frames in rows:
            if number not in self._seen:
                self._seen.add(number)
                self.sightings[name].append(Sighting(now, tokens_in(frames.decode(errors="replace"))))


async def glance_about(students: Sequence[Student], *, gateways: int, rng: Random) -> None:
    """Look at one conversation after the other, through any gateway, until cancelled."""
    while True:
        await rng.choice(students).look(gateway=rng.randrange(gateways))
        await asyncio.sleep(GLANCE_EVERY_SECONDS)
