"""uvicorn's HTTP with an end to what it takes before there is a request: `--http bounded_http:BoundedHttp`.

uvicorn waits for the rest of a request's head without end, and keeps all that has come of it. No application hears of
such a connection, so it can only be bounded here, for gateway and worker alike.
"""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0  # from the connection, or from the first byte after an answer, to the end of a request's head
HEAD_MAX_BYTES = 64 * 1024  # that wait unparsed: a head, a body's trailers or the extension of one chunk
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection whose head does not end in time and size. Bodies are the application's to bound."""

    _deadline: TimerHandle | None = None
    _unparsed_bytes = 0
    _progressed = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if self.cycle is not None and self.cycle.response_complete:
            self._expect_head()
        self._progressed = False
        super().data_received(data)
        self._unparsed_bytes = 0 if self._progressed else self._unparsed_bytes + len(data)
        if self._unparsed_bytes > HEAD_MAX_BYTES and not self.transport.is_closing():
            if self._deadline is not None:
                self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._progressed = True
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._progressed = True
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
