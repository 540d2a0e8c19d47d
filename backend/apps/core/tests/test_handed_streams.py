import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from apps.core.handed_streams import HandedStreams, handed

Application = Callable[[Scope, ASGIReceiveCallable, ASGISendCallable], Awaitable[None]]
SCOPE: Any = {"type": "http", "path": "/"}  # Any: of a scope only what is looked at
START: Any = {"type": "http.response.start", "status": 200, "headers": [], "trailers": False}  # Any: an ASGI event
END: Any = {"type": "http.response.body", "body": b"", "more_body": False}


class Client:
    """The server's side of one request: what was sent, and a client that leaves when it is told to."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.leaves = asyncio.Event()

    async def receive(self) -> Any:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Any) -> None:
        self.sent.append(event)

    @property
    def body(self) -> bytes:
        return b"".join(event.get("body", b"") for event in self.sent)

    async def ask(self, app: Application) -> None:
        await HandedStreams(app)(SCOPE, self.receive, self.send)


class Body:
    """A stream of `chunks` that then waits, unless it is to end; it notes that it was closed."""

    def __init__(self, *chunks: bytes, ends: bool = True) -> None:
        self._chunks, self._ends = chunks, ends
        self.said, self.closed = asyncio.Event(), False

    async def stream(self) -> AsyncGenerator[bytes, None]:
        try:
            for chunk in self._chunks:
                yield chunk
            self.said.set()
            if not self._ends:
                await asyncio.Event().wait()
        finally:
            self.closed = True


def handing_over(body: Body, *, notes: list[str] | None = None) -> Application:
    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(START)
        async for _ in handed(body.stream()):
            raise AssertionError("nothing comes while the application sends")
        await send(END)
        if notes is not None:
            notes.append(f"ended, body closed: {body.closed}")

    return app


async def test_a_stream_is_sent_once_the_application_has_ended() -> None:
    client, body, notes = Client(), Body(b"a", b"b"), list[str]()
    await client.ask(handing_over(body, notes=notes))
    assert notes == ["ended, body closed: False"]
    assert client.sent[0] == START
    assert client.sent[-1] == END
    assert client.body == b"ab"
    assert client.sent.count(END) == 1
    assert body.closed


async def test_a_client_that_leaves_ends_its_stream_and_nothing_else() -> None:
    client, body = Client(), Body(b"a", ends=False)
    asking = asyncio.create_task(client.ask(handing_over(body)))
    await body.said.wait()
    client.leaves.set()
    await asking
    assert asking.cancelling() == 0
    assert body.closed
    assert client.sent[-1]["more_body"]  # the response was not ended as if it were whole


async def test_a_client_that_has_left_before_gets_nothing_of_the_stream() -> None:
    client, body = Client(), Body(b"a", ends=False)
    client.leaves.set()
    await asyncio.wait_for(client.ask(handing_over(body)), 5)
    assert body.closed


async def test_a_server_that_ends_cancels_the_stream() -> None:
    client, body = Client(), Body(b"a", ends=False)
    asking = asyncio.create_task(client.ask(handing_over(body)))
    await body.said.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert body.closed


async def test_what_goes_wrong_in_a_stream_comes_to_the_server() -> None:
    async def broken() -> AsyncGenerator[bytes, None]:
        yield b"a"
        raise RuntimeError("broken")

    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(START)
        async for _ in handed(broken()):
            pass
        await send(END)

    client = Client()
    with pytest.raises(RuntimeError, match="broken"):
        await client.ask(app)
    assert client.body == b"a"
    assert END not in client.sent


async def test_a_whole_response_passes_untouched() -> None:
    whole: Any = {"type": "http.response.body", "body": b"whole", "more_body": False}

    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(START)
        await send(whole)

    client = Client()
    await client.ask(app)
    assert client.sent == [START, whole]


async def test_a_stream_whose_response_was_replaced_is_not_sent() -> None:
    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        handed(Body(b"never").stream())  # a content that nobody iterates
        await send(START)
        await send(END)

    client = Client()
    await client.ask(app)
    assert client.sent == [START, END]
