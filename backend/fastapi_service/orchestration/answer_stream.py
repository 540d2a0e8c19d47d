"""One streamed answer: a task reads the provider, the caller writes frames, a buffer and a window stand between."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from fastapi_service.core.errors import UNEXPECTED, ApiError, problem
from fastapi_service.core.request_log import current_request_id
from fastapi_service.orchestration.event_buffer import EventBuffer
from fastapi_service.orchestration.events import Outcome
from fastapi_service.orchestration.frames import KEEP_ALIVE, FrameWriter, window_s
from fastapi_service.orchestration.metrics import Metrics
from fastapi_service.orchestration.run import Run

KEEP_ALIVE_SECONDS = 15.0
logger = logging.getLogger(__name__)


class LiveStreams:
    """How many answers this process is streaming."""

    def __init__(self, metrics: Metrics) -> None:
        self.count = 0
        self._metrics = metrics

    def __enter__(self) -> None:
        self.count += 1
        self._metrics.live(self.count)

    def __exit__(self, *exc_info: object) -> None:
        self.count -= 1
        self._metrics.live(self.count)


class AnswerStream:
    """The frames of one run. The task that reads the provider belongs to `frames` and ends with it."""

    def __init__(self, run: Run, *, text_id: str, live: LiveStreams, keep_alive_s: float = KEEP_ALIVE_SECONDS) -> None:
        self._run = run
        self._live = live
        self._keep_alive_s = keep_alive_s
        self._writer = FrameWriter(text_id, goes_on=bool(run.prompt.continue_from))
        self._buffer = EventBuffer()
        self.abandoned = False

    def abandon(self) -> None:
        """Nobody reads any more: `frames` ends at once, and with it the provider's request."""
        self.abandoned = True
        self._buffer.end()

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """Yield frames, or a keep-alive comment after `keep_alive_s` of silence; last the outcome or problem."""
        with self._live:
            reading = asyncio.create_task(self._read())
            try:
                async for frames in self._gathered():
                    yield frames
                if not self.abandoned:
                    yield await self._last(reading)
            finally:
                reading.cancel()
                await asyncio.wait({reading})
                if not reading.cancelled():
                    reading.exception()  # told already, or of no interest to who left; asyncio need not report it

    async def _read(self) -> Outcome:
        try:
            return await self._run.stream(self._buffer)
        finally:
            self._buffer.end()

    async def _gathered(self) -> AsyncGenerator[bytes, None]:
        """Frames until the reader has ended: the first token at once, later ones a window's worth at a time."""
        now = asyncio.get_running_loop().time
        next_frame_at = 0.0
        while True:
            await self._buffer.gather(next_frame_at - now())
            events = await self._buffer.take(timeout_s=self._keep_alive_s)
            if events:
                yield self._writer.write(events)
                if self._writer.begun:
                    next_frame_at = now() + window_s(self._live.count)
            elif self._buffer.ended:
                return
            else:
                yield KEEP_ALIVE

    async def _last(self, reading: "asyncio.Task[Outcome]") -> bytes:
        try:
            return self._writer.finish(await reading)
        except ApiError as error:
            told = error
        except Exception:
            logger.exception("unexpected error in a stream")
            told = ApiError(UNEXPECTED)
        return self._writer.fail(problem(told, request_id=current_request_id.get()))
