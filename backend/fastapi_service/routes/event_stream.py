"""An answer as Server-Sent Events."""

import asyncio
from contextlib import AbstractContextManager, aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fastapi_service.core.request_log import note
from fastapi_service.orchestration.answer_stream import AnswerStream, LiveStreams
from fastapi_service.orchestration.run import Run
from fastapi_service.routes.presence import when_gone

HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-vercel-ai-ui-message-stream": "v1",
}


class EventStream(Response):
    """Streams a run. What fails at admission is raised before the first byte; later it is a frame of the stream."""

    def __init__(self, admission: AbstractContextManager[Run], *, text_id: str, live: LiveStreams) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._admission = admission
        self._text_id = text_id
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._admission as run:
            stream = AnswerStream(run, text_id=self._text_id, live=self._live)
            watching = asyncio.create_task(when_gone(receive, stream.abandon))
            try:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async with aclosing(stream.frames()) as frames:
                    async for data in frames:
                        await send({"type": "http.response.body", "body": data, "more_body": True})
                if stream.abandoned:
                    note(outcome="client_gone")
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                watching.cancel()
                await asyncio.wait({watching})
