"""A reply that is read as it comes, from servers that do all that a server can do to one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from typing import Any, cast

import httpx
import pytest

from apps.core.streamed_reply import BUFFER_BYTES, STREAMED, Reply, ReplyBroken, StreamedReplies, reply_of

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def says(*parts: bytes) -> Serve:
    """It reads the request, says so much, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()

    return serve


async def asked(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Head and body of a request."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    (length,) = [line for line in head.splitlines() if line.startswith("content-length: ")]
    return head, await reader.readexactly(int(length.removeprefix("content-length: ")))


@asynccontextmanager
async def at(serve: Serve) -> AsyncIterator[str]:
    async def serve_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve_and_close, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/chatbot/stream"


async def ask(url: str, *, silence_s: float = 30) -> Reply:
    """As the gateway's client does; its response and request are let go."""
    async with httpx.AsyncClient(transport=StreamedReplies(httpx.MockTransport(never))) as client:
        timeout = httpx.Timeout(silence_s, connect=5)
        headers = {"x-request-id": "r"}
        return reply_of(
            await client.post(url, content=b'{"a": 1}', headers=headers, timeout=timeout, extensions=STREAMED)
        )


def never(request: httpx.Request) -> httpx.Response:
    raise AssertionError("it was to be streamed")


async def test_what_is_not_streamed_goes_through_the_pool() -> None:
    pool = httpx.MockTransport(lambda request: httpx.Response(200, content=request.content))
    async with httpx.AsyncClient(transport=StreamedReplies(pool)) as client:
        assert (await client.post("http://worker/chatbot", content=b"a")).content == b"a"


async def test_the_request_is_whole() -> None:
    seen: list[tuple[str, bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await asked(reader))
        writer.write(HEAD + chunk(b"a") + chunk(b""))

    async with at(serve) as url:
        with closing(await ask(url)) as reply:
            assert await reply.read_whole() == b"a"
    ((head, body),) = seen
    line, *headers = head.splitlines()
    assert line == "POST /chatbot/stream HTTP/1.1"
    host = url.removeprefix("http://").partition("/")[0]
    assert {f"host: {host}", "x-request-id: r", "connection: close"} <= set(headers)
    assert body == b'{"a": 1}'


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_a_reply_is_read_wherever_the_network_cuts_it(size: int) -> None:
    sent = HEAD + chunk(b"data: 1\n\n") + chunk(b"data: 2\n\n") + chunk(b"")
    async with at(says(*(sent[start : start + size] for start in range(0, len(sent), size)))) as url:
        with closing(await ask(url)) as reply:
            assert await reply.read_whole() == b"data: 1\n\ndata: 2\n\n"
            assert await reply.read() == b""
    assert reply.status == 200


async def test_what_has_come_is_read_before_the_rest_is_sent() -> None:
    goes_on = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(HEAD + chunk(b"first"))
        await goes_on.wait()
        writer.write(chunk(b"second") + chunk(b""))

    async with at(serve) as url:
        with closing(await ask(url)) as reply:
            assert await reply.read() == b"first"
            goes_on.set()
            assert await reply.read_whole() == b"second"


async def test_a_refusal_says_its_status_and_why() -> None:
    async with at(says(b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nwhy?")) as url:
        with closing(await ask(url)) as reply:
            assert await reply.read_whole() == b"why?"
    assert reply.status == 429


async def test_a_reply_without_a_body_ends_with_its_status() -> None:
    async with at(says(b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")) as url:
        with closing(await ask(url)) as reply:
            assert await reply.read() == b""
    assert reply.status == 500


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + chunk(b"half")[:-3], b"this is no HTTP\r\n\r\n"])
async def test_a_reply_that_breaks_off_is_told_from_one_that_ends(sent: bytes) -> None:
    async with at(says(sent)) as url:
        with pytest.raises(ReplyBroken), closing(await ask(url)) as reply:
            await reply.read_whole()


async def test_nobody_there() -> None:
    async with at(says()) as url:
        pass  # it is closed again
    with pytest.raises(ReplyBroken):
        await ask(url)


async def test_a_server_that_says_nothing_is_not_waited_for_without_end() -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        gone.set()

    async with at(serve) as url:
        with pytest.raises(ReplyBroken, match="too long"):
            await ask(url, silence_s=0.01)
        async with asyncio.timeout(5):
            await gone.wait()


async def test_closing_it_closes_the_socket_and_a_reader_that_is_cancelled_leaves_it_whole() -> None:
    goes_on, gone = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(HEAD)
        goes_on.set()
        await reader.read()
        gone.set()

    async with at(serve) as url:
        with closing(await ask(url)) as reply:
            reading = asyncio.create_task(reply.read())
            await goes_on.wait()
            reading.cancel()
            await asyncio.wait({reading})
            assert reading.cancelled()
            assert not gone.is_set()
        async with asyncio.timeout(5):
            await gone.wait()


async def test_who_leaves_before_it_has_begun_leaves_no_socket() -> None:
    begun, gone = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        begun.set()
        await reader.read()
        gone.set()

    async with at(serve) as url:
        asking = asyncio.create_task(ask(url))
        await begun.wait()
        asking.cancel()
        async with asyncio.timeout(5):
            await gone.wait()
        await asyncio.wait({asking})
        assert asking.cancelled()


class Transport:
    """A connection, as far as a reply uses one."""

    def __init__(self) -> None:
        self.written = b""
        self.reads, self.aborted = True, False

    def write(self, data: bytes) -> None:
        self.written += data

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def abort(self) -> None:
        self.aborted = True


async def test_a_sender_waits_while_what_it_sent_is_not_read() -> None:
    transport, reply = Transport(), Reply(b"asked", silence_s=30)
    reply.connection_made(cast(Any, transport))  # Any: it is no whole transport
    reply.data_received(HEAD + chunk(bytes(BUFFER_BYTES)))
    assert transport.reads
    reply.data_received(chunk(b"more"))
    assert not transport.reads
    assert await reply.read() == bytes(BUFFER_BYTES) + b"more"
    assert transport.reads
