"""The least that a gateway could be: posts what it gets to the worker, and passes the bytes on. For comparison only."""

import os
from typing import Any

import aiohttp

WORKER_URL, SECRET = "RELAY_WORKER_URL", "RELAY_SECRET"  # variables

Message = dict[str, Any]  # Any: an ASGI message, or a scope


class Relay:
    """ASGI application of one address: POST passes on; GET answers at once, as a health probe is answered."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # Any: ASGI's two functions
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        headers = [(b"content-type", b"text/event-stream")]
        if scope["method"] == "POST":
            await self._pass_on(await receive(), send, headers)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _live(self, receive: Any, send: Any) -> None:  # Any: as above
        await receive()
        connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as self._session:
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _pass_on(self, request: Message, send: Any, headers: list[tuple[bytes, bytes]]) -> None:  # Any: as above
        assert self._session
        inside = {"X-Internal-Secret": os.environ[SECRET], "content-type": "application/json"}
        async with self._session.post(os.environ[WORKER_URL], data=request["body"], headers=inside) as answer:
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            async for chunk in answer.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})


app = Relay()
