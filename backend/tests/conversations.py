"""Asking for whole answers, and looking at the tree that comes of it."""

from typing import Any

import httpx

from tests.stack import Stack
from tests.streams import csrf

CHAT = "/api/chat/"


def ask(client: httpx.Client, message: str | None = None, **fields: Any) -> dict[str, Any]:
    """Ask and wait for the whole answer. Any: JSON."""
    body = {**({"message": message} if message else {}), **fields}
    answer = client.post(CHAT, json=body, headers=csrf(client))
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()
    return reply


def refused(client: httpx.Client, **body: Any) -> tuple[int, str]:
    answer = client.post(CHAT, json=body, headers=csrf(client))
    return answer.status_code, answer.json()["code"]


def conversation_of(client: httpx.Client, reply: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/conversations/{reply['conversation']['id']}/").json()
    return found


def shown(client: httpx.Client, reply: dict[str, Any]) -> list[str]:
    """The ids of the messages of the active branch."""
    return [message["id"] for message in conversation_of(client, reply)["messages"]]


def switch(client: httpx.Client, reply: dict[str, Any], message_id: str) -> httpx.Response:
    path = f"/api/conversations/{reply['conversation']['id']}/"
    return client.patch(path, json={"active_message_id": message_id}, headers=csrf(client))


def sent(stack: Stack, marker: str, *, number: int = 0) -> list[dict[str, Any]]:
    """What the model read, the system prompt left out, when it was asked `marker` for the n-th time."""
    asked = [entry for entry in stack.provider.log() if marker in str(entry["messages"][-1]["content"])]
    return list(asked[number]["messages"][1:])


def first_words(messages: list[dict[str, Any]]) -> list[str]:
    return [str(message["content"]).split()[0] for message in messages]
