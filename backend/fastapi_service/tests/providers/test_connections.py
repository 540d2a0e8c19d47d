"""What only real sockets show, for each adapter: connections that are kept, closed, cancelled."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress

import orjson
import pytest

from fastapi_service.core.config import ProviderSettings
from fastapi_service.providers import http_provider
from fastapi_service.providers.base import Finished, Provider, TextDelta, Usage
from fastapi_service.tests.providers.conftest import KEY, TIMEOUTS
from fastapi_service.tests.providers.scripted_server import Wire
from fastapi_service.tests.providers.test_contract import PROMPT

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
SOON_SECONDS = 1.0

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def connected(wire: Wire, serve: Serve) -> AsyncIterator[Provider]:
    """The adapter with its own client, towards a server that treats each connection by `serve`."""

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await serve(reader, writer)
        writer.close()

    async with await asyncio.start_server(on_connection, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        settings = ProviderSettings(wire.name, api_key=KEY, base_url=address, models=("one",))
        async with aclosing(wire.adapter(settings, timeouts=TIMEOUTS)) as provider:
            yield provider


async def read_request(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


@pytest.mark.parametrize("cancelled", [False, True], ids=["closed", "cancelled"])
async def test_the_socket_is_closed_at_once_when_nobody_reads_on(wire: Wire, cancelled: bool) -> None:
    gone = asyncio.Event()

    async def begin_and_wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(HEAD + chunked(wire.sse([wire.text("x")], done=False)))
        assert await reader.read() == b""
        gone.set()

    async with connected(wire, begin_and_wait) as provider:
        begun = asyncio.Event()

        async def read() -> None:
            async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
                async for delta in deltas:
                    assert delta == TextDelta("x")
                    begun.set()
                    if not cancelled:
                        return

        reading = asyncio.create_task(read())
        await begun.wait()
        if cancelled:
            reading.cancel()
        async with asyncio.timeout(SOON_SECONDS):
            await gone.wait()
        await asyncio.wait([reading])


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("after", [cut, reset, silent])
@pytest.mark.parametrize("done", [True, False], ids=["done", "reason alone"])
async def test_an_answer_is_whole_whatever_its_connection_does_after_the_end(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, done: bool, after: Callable[[asyncio.StreamWriter], Awaitable[None]]
) -> None:
    monkeypatch.setattr(http_provider, "TAIL_SECONDS", 0.1)
    connections = 0

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await read_request(reader)
        writer.write(HEAD + chunked(wire.sse(wire.answer(), done=done)))
        await writer.drain()
        await after(writer)

    async with connected(wire, answer_once) as provider:
        for _ in range(2):
            async with asyncio.timeout(SOON_SECONDS), aclosing(provider.stream(PROMPT, model="one")) as deltas:
                found = [delta async for delta in deltas]
            assert [delta.text for delta in found if isinstance(delta, TextDelta)] == ["Pho", "ton"]
            assert found[-1] == Finished("stop", Usage(7, 2))
    assert connections == 2


async def test_one_connection_serves_many_answers(wire: Wire) -> None:
    connections = 0
    whole = orjson.dumps(wire.whole("Photon"))

    async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await read_request(reader)
            writer.write(HEAD + chunked(wire.sse(wire.answer())) + b"0\r\n\r\n")
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(whole), whole))

    async with connected(wire, answer_all) as provider:
        for _ in range(3):
            async with aclosing(provider.stream(PROMPT, model="one")) as deltas:
                assert [delta.text async for delta in deltas if isinstance(delta, TextDelta)] == ["Pho", "ton"]
            assert (await provider.complete(PROMPT, model="one")).text == "Photon"
    assert connections == 1
