"""Runs in a runner of the test's own, with a worker that says what it is told to."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from apps.chat.models import Message
from apps.chat.services import answer_run, running
from apps.chat.services.running import Runner
from apps.chat.services.starting import Started
from apps.core.sse import cut, frame
from apps.core.units_of_work import unit_of_work

BEGUN = frame("text-start", id="answer") + frame("text-delta", id="answer", delta="the whole text")
OUTCOME = frame("data-outcome", data={"finish_reason": "stop", "usage": {}})
Script = Callable[[], AsyncIterator[bytes]]


class Says:
    """A worker that says what the script of each request says. Any: JSON."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.bodies: list[dict[str, Any]] = []
        self.providers: list[dict[str, Any]] = []

    @property
    def asked(self) -> int:
        """How often."""
        return len(self.bodies)

    async def models(self, **_: Any) -> dict[str, Any]:
        return {"default": "x", "providers": self.providers}

    async def back(self, *, within_s: float) -> None:
        """It is there at once."""

    async def stream(self, body: dict[str, Any], *, request_id: str) -> AsyncGenerator[bytes, None]:
        self.bodies.append(body)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        async for chunk in script():
            for whole_frame in cut(chunk)[0]:
                yield whole_frame


async def whole() -> AsyncIterator[bytes]:
    yield BEGUN + OUTCOME


@asynccontextmanager
async def a_runner(monkeypatch: pytest.MonkeyPatch, worker: Says) -> AsyncIterator[Runner]:
    runner = Runner()
    monkeypatch.setattr(answer_run, "worker", lambda: worker)
    monkeypatch.setattr(running, "_runner", runner)
    await runner.start()
    try:
        yield runner
    finally:
        if not runner.draining:
            await runner.drain()


async def saved(started: Started) -> Message:
    async with asyncio.timeout(10):
        while (message := await unit_of_work(Message.objects.filter(pk=started.answer_id).first)) is None:
            pass
    return message
