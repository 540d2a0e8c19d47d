"""Replies that are read as they come: an httpx transport that gives each a connection of its own, which closes with it.

Answers stream for minutes and many at once. The objects of a pool, a request and a response would take more of a
process's memory than all else that an answer needs, and there is nothing to pool: the connection carries no other
request while it streams. So httpx builds and sends such a request, and what is kept of it is the connection.
"""

import asyncio
from typing import cast

import httptools
import httpx

from apps.core.waiting import settle, settled

BUFFER_BYTES = 64 * 1024  # above it the sender has to wait until this is read
STREAMED = {"streamed": True}  # extensions of a request whose reply is to be read as it comes


class ReplyBroken(httpx.ReadError):
    """No connection could be made, or it ended before the reply did, or nothing came for too long."""


class StreamedReplies(httpx.AsyncBaseTransport):
    """A transport for what is STREAMED, around one for all else."""

    def __init__(self, pool: httpx.AsyncBaseTransport) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response to a streamed one has begun; what is left of it is its `reply_of`. Raises: ReplyBroken."""
        if "streamed" not in request.extensions:
            return await self._pool.handle_async_request(request)
        timeout = request.extensions["timeout"]
        reply = await asked(request, connect_s=timeout["connect"], silence_s=timeout["read"])
        try:
            await reply.begun()
        except BaseException:
            reply.close()
            raise
        return httpx.Response(reply.status, extensions={"network_stream": reply})

    async def aclose(self) -> None:
        await self._pool.aclose()


def reply_of(response: httpx.Response) -> "Reply":
    """The connection of a streamed response, which needs neither it nor its request any more; to be closed."""
    return cast(Reply, response.extensions["network_stream"])


async def asked(request: httpx.Request, *, connect_s: float, silence_s: float) -> "Reply":
    """Ask; the reply has to be closed. Raises: ReplyBroken when there is nobody to ask."""
    url, is_https = request.url, request.url.scheme == "https"
    lines = {**request.headers, "connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    whole = f"{request.method} {url.raw_path.decode()} HTTP/1.1\r\n{head}\r\n".encode() + request.content
    try:
        async with asyncio.timeout(connect_s):
            _, reply = await asyncio.get_running_loop().create_connection(
                lambda: Reply(whole, silence_s=silence_s),
                url.host,
                url.port or (443 if is_https else 80),
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
        self.status = 0  # once it has begun

    async def read(self) -> bytes:
        """What has come since, at least a byte; empty at the end of the reply. Raises: ReplyBroken."""
        while not (self._received or self._ended):
            await self._more()
        received, self._received = self._received, b""
        if self._is_paused and self._transport:
            self._is_paused = False
            self._transport.resume_reading()
        return received

    async def begun(self) -> None:
        """Its status is known. Raises: ReplyBroken."""
        while not self.status:
            await self._more()

    async def _more(self) -> None:
        if self._transport is None:
            raise ReplyBroken("the connection ended before the reply")
        self._news = asyncio.get_running_loop().create_future()
        if not await settled(self._news, within_s=self._silence_s):
            raise ReplyBroken("nothing came for too long")

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
