"""Many streams, opened a few at a time: a server that is busy with all of them takes new connections one by one."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import psutil

from tests.stack import Service

DEADLINE_SECONDS = 300


@dataclass(frozen=True)
class Target:
    """What takes the streams, and how it is asked."""

    name: str
    service: Service
    path: str

    def body(self, prompt: str) -> dict[str, Any]:  # Any: JSON
        if self.path == "/":
            return {"messages": [{"role": "user", "content": prompt}]}
        return {"message": prompt}

    @property
    def rss_bytes(self) -> int:
        return int(psutil.Process(self.service.pid).memory_info().rss)


class Streams:
    """Streams at a target, opened `at_once` at a time until each has said its first token."""

    def __init__(self, session: aiohttp.ClientSession, target: Target, *, at_once: int) -> None:
        self._session, self._target = session, target
        self._opening = asyncio.Semaphore(at_once)
        self._silent = 0
        self.all_speak = asyncio.Event()

    async def texts(self, prompt: str, *, count: int) -> list[str]:
        """Open `count` of them, and read all to the end."""
        self._silent = count
        return await asyncio.gather(*(self._text(prompt) for _ in range(count)))

    async def _text(self, prompt: str) -> str:
        await self._opening.acquire()
        text, url = "", self._target.service.url + self._target.path
        async with self._session.post(url, json=self._target.body(prompt)) as answer:
            async for line in answer.content:
                if b'"text-delta"' in line:
                    if not text:
                        self._first_word()
                    text += json.loads(line.removeprefix(b"data: "))["delta"]
        if not text:
            self._opening.release()  # it failed, and is counted by its text
        return text

    def _first_word(self) -> None:
        self._opening.release()
        self._silent -= 1
        if not self._silent:
            self.all_speak.set()


def open_session() -> aiohttp.ClientSession:
    """Without cookies: each stream is a guest of its own, on a connection of its own. A context manager."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS),
    )
