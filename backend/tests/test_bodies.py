"""Bodies are bounded before Django sees them: nothing large is read, nothing endless reaches the disk."""

import socket
from pathlib import Path

import pytest

from tests.stack import Stack, wait_until

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
ROUTES = {"/api/chat/": "application/json", "/api/chat/file/": "multipart/form-data; boundary=b"}


def connect(stack: Stack) -> socket.socket:
    host, port = stack.gateway.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    return connection


def head(path: str, content_type: str, *extra: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {content_type}", *extra, "", ""]
    return "\r\n".join(lines).encode()


def answer_of(connection: socket.socket) -> bytes:
    received = b""
    while b"payload_too_large" not in received:
        piece = connection.recv(65536)
        if not piece:
            break
        received += piece
    return received


def temporary_files(pid: int) -> list[str]:
    """Open files of the gateway that have been unlinked or lie in the temporary folder."""
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:
            continue
    return [link for link in links if link.startswith("/tmp/") and "(deleted)" in link]


@pytest.mark.parametrize(("path", "content_type"), ROUTES.items())
def test_100_mb_are_refused_before_a_byte_is_read(stack: Stack, path: str, content_type: str) -> None:
    with connect(stack) as connection:
        connection.sendall(head(path, content_type, f"Content-Length: {100 * 2**20}"))
        assert b" 413 " in answer_of(connection).split(b"\r\n")[0]
    assert temporary_files(stack.gateway.pid) == []


@pytest.mark.parametrize(("path", "content_type"), ROUTES.items())
def test_an_endless_body_is_cut_off_in_memory(stack: Stack, path: str, content_type: str) -> None:
    sent = 0
    spooled: list[str] = []
    with connect(stack) as connection:
        connection.sendall(head(path, content_type, "Transfer-Encoding: chunked"))
        try:
            while sent < 200 * 2**20:
                connection.sendall(CHUNK)
                sent += len(CHUNK)
                spooled += temporary_files(stack.gateway.pid)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            answer = answer_of(connection)
        except ConnectionResetError:
            answer = b""
    # The server closes while we still send, so its answer may be lost on our side; the cut itself may not.
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]
    assert sent < 20 * 2**20
    assert spooled == []


def test_an_upload_that_says_its_length_is_seen_on_the_disk(stack: Stack) -> None:
    """The control of the two tests above: what they look for can be found."""
    with connect(stack) as connection:
        connection.sendall(head("/api/chat/file/", ROUTES["/api/chat/file/"], f"Content-Length: {10 * 2**20}"))
        connection.sendall(b"x" * (5 * 2**20))
        wait_until(lambda: temporary_files(stack.gateway.pid) != [], what="the upload is spooled")
    wait_until(lambda: temporary_files(stack.gateway.pid) == [], what="what was spooled is gone with its sender")


def test_a_body_of_unknown_length_that_is_too_large_is_told_so(stack: Stack) -> None:
    with connect(stack) as connection:
        connection.sendall(head("/api/chat/", "application/json", "Transfer-Encoding: chunked"))
        connection.sendall(CHUNK * 33)
        answer = answer_of(connection)
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert b"application/problem+json" in answer
