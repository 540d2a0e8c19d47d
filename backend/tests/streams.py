"""Reading the gateway's streams as a client does, and checking the fake provider's numbered tokens."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Frame:
    id: str
    data: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.data["type"])


DONE = Frame(id="", data={"type": "[DONE]"})


def frames_of(lines: Iterable[str]) -> Iterator[Frame]:
    """Frames as they come, then DONE if the stream said so."""
    event_id = ""
    for line in lines:
        if line.startswith("id: "):
            event_id = line.removeprefix("id: ")
        elif line == "data: [DONE]":
            yield DONE
        elif line.startswith("data: "):
            yield Frame(event_id, json.loads(line.removeprefix("data: ")))


def chat(client: httpx.Client, message: str, **fields: Any) -> list[Frame]:
    """Send a prompt to the streaming endpoint and read the stream to its end."""
    with client.stream(
        "POST", "/api/chat/stream/", json={"message": message, **fields}, headers=csrf(client)
    ) as answer:
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code}: {answer.read().decode()}")
        return list(frames_of(answer.iter_lines()))


def csrf(client: httpx.Client) -> dict[str, str]:
    """The header that a page of ours sends with each write."""
    token = client.cookies.get("csrftoken")
    return {"X-CSRFToken": token} if token else {}


def text_of(frames: Iterable[Frame]) -> str:
    return "".join(frame.data["delta"] for frame in frames if frame.type == "text-delta")


def types_of(frames: Iterable[Frame]) -> list[str]:
    """The types in order, runs of one type joined."""
    types: list[str] = []
    for frame in frames:
        if not types or types[-1] != frame.type:
            types.append(frame.type)
    return types


def tokens(count: int) -> str:
    """What the fake provider says: each token once, in order."""
    return "".join(f"t{number} " for number in range(count))


def metadata_of(frames: list[Frame]) -> dict[str, Any]:
    return dict(frames[0].data["messageMetadata"])
