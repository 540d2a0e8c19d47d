"""One reply to a POST, read as it comes: a connection of its own, which closes with it.

Answers stream for minutes and many at once. The objects of an HTTP client's pool, request and response would take more
of a process's memory than all else that an answer needs, and there is nothing to pool: the connection carries no other
request while it streams.
"""

import asyncio
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

import httptools

from apps.core.waiting import settle, settled

BUFFER_BYTES = 64 * 1024  # above it the sender has to wait until this is read


class ReplyBroken(Exception):
    """No connection could be made, or it ended before the reply did, or nothing came for too long."""


async def post(url: str, body: bytes, *, headers: Mapping[str, str], connect_s: float, silence_s: float) -> "Reply":
    """Ask; the reply has to be closed. Raises: ReplyBroken when there is nobody to ask."""
    address = urlsplit(url)
    is_https = address.scheme == "https"
    lines = {"host": address.netloc, "connection": "close", "content-length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    asked = f"POST {address.path} HTTP/1.1\r\n{head}\r\n".encode() + body
    try:
        async with asyncio.timeout(connect_s):
            _, reply = await asyncio.get_running_loop().create_connection(
                lambda: Reply(asked, silence_s=silence_s),
                address.hostname or "",
                address.port or (443 if is_https else 80),
                ssl=is_https or None,
            )
    except (OSError, TimeoutError) as error:
        raise ReplyBroken(str(error)) from error
    return reply


class Reply(asyncio.Protocol):
    """What came and was not read yet, and whether there will be more."""

    def __init__(self, asked: bytes, *, silence_s: float) -> None:
        self._asked, self._silence_s = asked, silence_s
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._news: asyncio.Future[bool] | None = None  # for whoever reads
        self._received = b""
        self._is_paused = False
        self._ended = False
        self.status = 0  # known with the first bytes

    async def read(self) -> bytes:
        """What has come since, at least a byte; empty at the end of the reply. Raises: ReplyBroken."""
        while not (self._received or self._ended):
            if self._transport is None:
                raise ReplyBroken("the connection ended before the reply")
            self._news = asyncio.get_running_loop().create_future()
            if not await settled(self._news, within_s=self._silence_s):
                raise ReplyBroken("nothing came for too long")
        received, self._received = self._received, b""
        if self._is_paused and self._transport:
            self._is_paused = False
            self._transport.resume_reading()
        return received

    async def read_whole(self) -> bytes:
        """All that is left. Raises: ReplyBroken."""
        whole = b""
        while received := await self.read():
            whole += received
        return whole

    def close(self) -> None:
        """At once, also where the request is still being sent: whoever answers it stops."""
        if self._transport:
            self._transport.abort()

    # What the transport tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._asked)
        self._asked = b""

    def data_received(self, data: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()  # whatever this is, it is no HTTP
        self._tell()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = self._parser = None  # each of them refers to this
        self._tell()

    def _tell(self) -> None:
        if self._news:
            settle(self._news, to=True)

    # What the parser tells.

    def on_headers_complete(self) -> None:
        assert self._parser
        self.status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self._received += body
        if len(self._received) > BUFFER_BYTES and not self._is_paused and self._transport:
            self._is_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        self._ended = True
