"""One HTTP exchange over ASGI's two callables."""

import asyncio
from collections.abc import Mapping
from typing import cast

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPResponseBodyEvent, HTTPResponseStartEvent


class Connection:
    """Reads the request, writes the answer, and tells when the client has gone."""

    def __init__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._receive = receive
        self._send = send

    async def read(self) -> bytes:
        parts = []
        while True:
            event = await self._receive()
            if event["type"] != "http.request":
                break
            parts.append(event["body"])
            if not event["more_body"]:
                break
        return b"".join(parts)

    async def closed_by_client(self) -> None:
        """Return when the client has closed its socket; to be called after `read`."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def closed_for_ever(self) -> None:
        """Wait until cancelled, as a server does that has lost the request."""
        await asyncio.get_running_loop().create_future()

    async def start(self, status: int, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        pairs = {"content-type": content_type, **(headers or {})}
        encoded = [(name.encode(), value.encode()) for name, value in pairs.items()]
        await self._send(
            cast(HTTPResponseStartEvent, {"type": "http.response.start", "status": status, "headers": encoded})
        )

    async def write(self, body: bytes, *, more: bool) -> None:
        await self._send(cast(HTTPResponseBodyEvent, {"type": "http.response.body", "body": body, "more_body": more}))

    async def respond(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        await self.start(status, "application/json", {**(headers or {}), "content-length": str(len(body))})
        await self.write(body, more=False)
