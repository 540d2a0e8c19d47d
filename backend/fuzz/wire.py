"""HTTP by hand: bytes that no client library would send, and what came back for them."""

import io
import json
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any, cast
from urllib.parse import urlsplit

PROBLEM = "application/problem+json"
CLOSED = 0  # in the place of a status: the connection was closed without an answer
TIMEOUT_SECONDS = 15.0
READ_BYTES = 65_536


@dataclass(frozen=True)
class Target:
    """A service under attack: a request that it answers well, by whose changes it is attacked."""

    name: str
    url: str
    path: str
    headers: Mapping[str, str]
    body: bytes  # of a POST to `path`

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 80)

    def head(self, *lines: str, method: str = "POST", path: str = "", host: str | None = "localhost") -> bytes:
        """A request's head with these further lines; `host` None leaves that line out."""
        first = [f"{method} {path or self.path} HTTP/1.1", *([f"Host: {host}"] if host is not None else [])]
        own = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*first, *own, *lines, "", ""]).encode("latin-1")

    def post(self, body: bytes, *lines: str, content_type: str = "application/json") -> bytes:
        """A whole request after which the connection is to be closed."""
        length = f"Content-Length: {len(body)}"
        return self.head("Connection: close", f"Content-Type: {content_type}", length, *lines) + body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""

    def complaint(self) -> str:
        """What is wrong with it whatever was asked; empty when nothing is."""
        if self.status == 500:
            return "500"
        if "injected" in self.headers or "injected" in self.headers.get("set-cookie", ""):
            return "a header of the attacker's"
        content_type = self.headers.get("content-type", "")
        if content_type != PROBLEM:
            # Of the server itself, before there is a request; or of sign-in, which has a shape of its own.
            others = self.status < 400 or self.status in {400, 431, CLOSED} or content_type == "application/json"
            return "" if others else f"{self.status} without a problem document"
        problem: dict[str, Any] = json.loads(self.body)
        if problem["status"] != self.status or problem["request_id"] != self.headers.get("x-request-id"):
            return "a problem document of another answer"
        return ""


def exchange(target: Target, pieces: Iterable[bytes], *, timeout_s: float = TIMEOUT_SECONDS) -> list[Answer]:
    """Send the pieces until the service closes, read until it does, and return its answers, CLOSED for none.

    Raises: TimeoutError when it neither answers nor closes.
    """
    with socket.create_connection(target.address, timeout=timeout_s) as connection:
        with suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
        return answers_of(read_to_end(connection)) or [Answer(CLOSED)]


def read_to_end(connection: socket.socket) -> bytes:
    """All that comes until the other side closes. Raises: TimeoutError."""
    received = b""
    with suppress(ConnectionError):
        while piece := connection.recv(READ_BYTES):
            received += piece
    return received


def answers_of(received: bytes) -> list[Answer]:
    """The answers in order; one that breaks off is left out."""
    stream = _Stream(received)
    answers = []
    while stream.tell() < len(received):
        response = HTTPResponse(cast(socket.socket, _Source(stream)))
        try:
            response.begin()
            body = response.read()
        except (HTTPException, ValueError):
            break
        answers.append(Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body))
    return answers


class _Stream(io.BytesIO):
    def close(self) -> None:
        """Stay open: the next answer stands behind this one."""


@dataclass(frozen=True)
class _Source:
    """All that HTTPResponse asks of a socket."""

    stream: _Stream

    def makefile(self, _mode: str) -> _Stream:
        return self.stream
