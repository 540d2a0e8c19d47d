"""What the application does at its start and end, which Django's own ASGI handler does not answer.

uvicorn sends `lifespan.shutdown` only after the last response has ended, and an answer may stream for minutes. So the
drain cannot wait for it: the signal is wrapped, the drain runs first, then the server's own handler is called.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from types import FrameType

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

log = logging.getLogger("lamla.lifespan")
Step = Callable[[], Awaitable[None]]


class Lifespan:
    """ASGI layer: runs `start` at start-up, `stop` at the end, and `drain` when told to end."""

    def __init__(self, app: ASGI3Application, *, start: Step, drain: Step, stop: Step) -> None:
        self.app = app
        self._start, self._drain, self._stop = start, drain, stop
        self._draining: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "lifespan":
            return await self.app(scope, receive, send)
        await receive()
        try:
            await self._start()
        except Exception as error:
            log.exception("the gateway cannot start")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        self._wrap_signals()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._draining is None:
            await self._drain()
        else:
            await asyncio.wait({self._draining})  # a second signal may have brought us here before its end
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _wrap_signals(self) -> None:
        """Put the drain before the server's handler; a second signal goes straight through."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            server_handler = signal.getsignal(number)
            if callable(server_handler):
                signal.signal(number, self._drain_first(loop, server_handler))

    def _drain_first(
        self, loop: asyncio.AbstractEventLoop, server_handler: Callable[[int, FrameType | None], object]
    ) -> Callable[[int, FrameType | None], None]:
        async def drain_then_end(number: int) -> None:
            try:
                await self._drain()
            finally:
                server_handler(number, None)

        def begin(number: int) -> None:
            if self._draining is not None:
                server_handler(number, None)
                return
            self._draining = loop.create_task(drain_then_end(number), name="drain")

        def handler(number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(begin, number)

        return handler
