"""A body that does not come to its end is not waited for without end, and what follows it is not read."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from fastapi_service.core import middleware


@pytest.mark.parametrize("declared", [{}, {"Content-Length": "1000"}], ids=["of unknown length", "declared"])
async def test_a_body_that_trickles_is_told_so_and_its_connection_closed(
    worker: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, declared: dict[str, str]
) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.1)

    async def trickle() -> AsyncIterator[bytes]:
        yield b'{"prompt": "'
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json", **declared}
    sending = asyncio.create_task(worker.post("/chatbot", content=trickle(), headers=headers))
    done, _ = await asyncio.wait({sending}, timeout=5)
    if done:
        answer = sending.result()
        assert (answer.status_code, answer.json()["code"]) == (408, "request_timeout")
        assert answer.headers["connection"] == "close"
    else:
        sending.cancel()
        pytest.fail("the worker waits for the rest of the body")
