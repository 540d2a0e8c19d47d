"""What of the transport an application may touch: reset its connection, and count all of them."""

import os
import socket
import struct
from typing import cast

from asgiref.typing import HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "fake_provider"
LINGER_NOT_AT_ALL = struct.pack("ii", 1, 0)


class FakeProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP, which hands itself to the application in the scope."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"protocol": self}}

    def reset(self) -> None:
        """Drop the connection with a reset, without a byte of an answer."""
        handle = self.transport.get_extra_info("socket").fileno()
        # An option belongs to the connection, so it may be set through a second handle. Lingering for no time makes
        # the kernel send a reset where it would send an orderly end.
        with socket.socket(fileno=os.dup(handle)) as same_connection:
            same_connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT_AT_ALL)
        self.transport.abort()


def protocol_of(scope: HTTPScope) -> FakeProtocol:
    return cast(FakeProtocol, (scope["extensions"] or {})[EXTENSION]["protocol"])
