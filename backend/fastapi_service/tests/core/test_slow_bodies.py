"""A body that does not come to its end is not waited for without end, and what follows it is not read."""

import asyncio

import httpx
import pytest

from fastapi_service.core import middleware
from fastapi_service.tests.conftest import SECRETS


@pytest.mark.parametrize("line", ["Transfer-Encoding: chunked", "Content-Length: 1000"])
async def test_a_body_that_trickles_is_told_so_and_its_connection_closed(
    worker: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection(worker.base_url.host, worker.base_url.port)
    lines = ["POST /chatbot HTTP/1.1", "Host: worker", f"X-Internal-Secret: {SECRETS[0]}", line, "", ""]
    writer.write("\r\n".join(lines).encode() + b'c\r\n{"prompt": "')
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer
    assert b'"code":"request_timeout"' in answer
