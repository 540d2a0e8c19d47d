"""Clients that send as slowly as they can, to hold connections for as long as they can."""

import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from fuzz.wire import READ_BYTES, Target

CONNECTIONS = 100
PAUSE_SECONDS = 0.5  # between two bytes
KINDS = ("head", "body", "nothing")


@dataclass
class SlowLoris:
    """Holds CONNECTIONS to `target` from a thread of its own, each sending a byte of its request now and then.

    `kind`: "head" sends a head without end, "body" a whole head and then its body, "nothing" not a byte.
    """

    target: Target
    kind: str
    patience_s: float
    held_s: list[float] = field(default_factory=list)  # how long each connection was held by the service
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._hold, name=f"slow {self.kind}")
        self._thread.start()

    def join(self) -> None:
        assert self._thread
        self._thread.join()

    @property
    def never_closed(self) -> int:
        """Connections that the service still held when patience was over."""
        return CONNECTIONS - len(self.held_s)

    def _hold(self) -> None:
        with ExitStack() as held:
            opened = [held.enter_context(self._open()) for _ in range(CONNECTIONS)]
            begun = time.monotonic()
            while opened and time.monotonic() - begun < self.patience_s:
                still = [connection for connection in opened if self._is_open(connection)]
                self.held_s += [time.monotonic() - begun] * (len(opened) - len(still))
                opened = still
                time.sleep(PAUSE_SECONDS)

    def _open(self) -> socket.socket:
        connection = socket.create_connection(self.target.address, timeout=10)
        if self.kind == "head":
            connection.sendall(self.target.head()[:-2])
        elif self.kind == "body":
            lines = ("Content-Type: application/json", "Content-Length: 100000")
            connection.sendall(self.target.head(*lines) + b'{"message": "')
        connection.setblocking(False)
        return connection

    def _is_open(self, connection: socket.socket) -> bool:
        """Send the next byte, and look whether the service has closed; what it says before is read and dropped."""
        with suppress(BlockingIOError):
            while piece := connection.recv(READ_BYTES):
                del piece
            return False
        try:
            if self.kind != "nothing":
                connection.send(b"a")
        except ConnectionError:
            return False
        return True
