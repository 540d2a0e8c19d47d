"""Reads the worker's streams as a gateway would."""

import json
from collections.abc import Iterable
from typing import Any

import httpx

Frame = dict[str, Any]


def ask(text: str | list[Any], **fields: Any) -> dict[str, Any]:
    """A body with one user message, its text or its parts; Any: JSON."""
    return {"messages": [{"role": "user", "content": text}], **fields}


async def read_frames(client: httpx.AsyncClient, body: dict[str, Any]) -> list[Frame]:
    """All frames of a stream, comments left out; the wire format is checked on the way."""
    async with client.stream("POST", "/chatbot/stream", json=body) as response:
        assert response.status_code == 200, await response.aread()
        return parse_frames((await response.aread()).decode())


def parse_frames(text: str) -> list[Frame]:
    assert text.endswith("\n\n")
    events = text.removesuffix("\n\n").split("\n\n")
    for event in events:
        assert event.startswith(('data: {"type":"', ": ")), event
        assert "\n" not in event
    return [json.loads(event.removeprefix("data: ")) for event in events if not event.startswith(":")]


def kinds(frames: Iterable[Frame]) -> list[str]:
    return [frame["type"] for frame in frames]


def text_of(frames: Iterable[Frame], kind: str = "text-delta") -> str:
    return "".join(frame["delta"] for frame in frames if frame["type"] == kind)


def numbered(count: int, letter: str = "t") -> str:
    return "".join(f"{letter}{number} " for number in range(count))
