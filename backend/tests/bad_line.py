"""A bad line between a browser and the gateway: slow, late, silent, cut in the middle. A TCP proxy in a thread."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PIECE_BYTES = 512  # what goes at once: small beside what a slow line carries in a second
RESET = struct.pack("ii", 1, 0)  # linger: on, for 0 s


@dataclass
class Quality:
    """What the line is like. `bytes_per_s` is shared by all connections, each way; 0 is without a limit."""

    bytes_per_s: float = 0
    round_trip_s: float = 0


TWO_G = Quality(bytes_per_s=35_000 / 8, round_trip_s=0.6)


@dataclass
class _Way:
    """One direction of the line, which all connections share: when it is free again, and what it has carried."""

    free_at: float = 0
    carried: int = 0


@dataclass(eq=False)
class BadLine:
    """Its methods may be called from any thread, and have taken effect when they return."""

    target: tuple[str, int]
    quality: Quality
    url: str = ""
    _up: _Way = field(default_factory=_Way)
    _down: _Way = field(default_factory=_Way)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _is_cut: bool = False
    _flows: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def down_bytes(self) -> int:
        """What has come to the browser so far, headers and all."""
        return self._down.carried

    @property
    def up_bytes(self) -> int:
        return self._up.carried

    def stall(self) -> None:
        """Nothing moves any more, and nobody is told."""
        self._do(self._flows.clear)

    def flow(self) -> None:
        self._do(self._flows.set)

    def cut(self) -> None:
        """Reset every connection, and each new one."""
        self._do(self._cut)

    def mend(self) -> None:
        def mend() -> None:
            self._is_cut = False

        self._do(mend)

    def reset(self) -> None:
        """Reset every connection that is open now; new ones go through."""
        self._do(self._reset)

    def _do(self, work: Callable[[], None]) -> None:
        async def run() -> None:
            work()

        self._run(run())

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        assert self._loop
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _cut(self) -> None:
        self._is_cut = True
        self._reset()

    def _reset(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    async def serve(self, started: threading.Event, ended: asyncio.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._flows.set()
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        await ended.wait()
        server.close()
        self._reset()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self._is_cut:
                return
            await asyncio.sleep(self.quality.round_trip_s)  # the handshake
            behind_reader, behind_writer = await asyncio.open_connection(*self.target)
            self._open.add(behind_writer)
            await _until_one_breaks(
                self._carry(reader, behind_writer, self._up), self._carry(behind_reader, writer, self._down)
            )
            self._open.discard(behind_writer)
            behind_writer.close()
        except (OSError, asyncio.CancelledError):
            pass  # the line has ended, and with it the connection
        finally:
            self._open.discard(writer)
            if self._is_cut:
                _reset(writer)
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Way) -> None:
        """Pass bytes on at the line's pace until their end; each piece arrives half a round trip after it has left."""
        loop = asyncio.get_running_loop()
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)

        async def arrive() -> None:
            while True:
                at, piece = await arriving.get()
                await asyncio.sleep(max(0, at - loop.time()))
                await self._flows.wait()
                if not piece:
                    if writer.can_write_eof():
                        writer.write_eof()
                    return
                writer.write(piece)
                await writer.drain()
                way.carried += len(piece)

        arrival = asyncio.create_task(arrive())
        try:
            while piece := await reader.read(PIECE_BYTES):
                await self._flows.wait()
                if self.quality.bytes_per_s:
                    way.free_at = max(way.free_at, loop.time()) + len(piece) / self.quality.bytes_per_s
                    await asyncio.sleep(max(0, way.free_at - loop.time()))
                await arriving.put((loop.time() + self.quality.round_trip_s / 2, piece))
            await arriving.put((loop.time() + self.quality.round_trip_s / 2, b""))
            await arrival
        finally:
            arrival.cancel()


async def _until_one_breaks(*ways: Coroutine[Any, Any, None]) -> None:
    """Until both directions have ended, or one of them broke. Raises: OSError."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset rather than an end, as a line does that breaks."""
    with suppress(OSError):
        if raw := writer.get_extra_info("socket"):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


@contextmanager
def bad_line(to_url: str, quality: Quality | None = None) -> Iterator[BadLine]:
    """A line to the gateway at `to_url`; its own `url` is where a browser finds it."""
    address = urlsplit(to_url)
    assert address.hostname
    assert address.port
    line = BadLine((address.hostname, address.port), quality or Quality())
    started = threading.Event()
    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.serve(started, ended)), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield line
    finally:
        assert line._loop
        line._loop.call_soon_threadsafe(ended.set)
        thread.join(10)
