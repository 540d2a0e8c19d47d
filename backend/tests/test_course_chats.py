"""Asking within a course: all its files are read, whatever came with the prompt; and files outlive conversations."""

from typing import Any
from uuid import uuid4

import httpx

from tests.conversations import ask, conversation_of, sent
from tests.stack import Stack, wait_until
from tests.streams import csrf

Json = dict[str, Any]  # Any: JSON


def a_course(client: httpx.Client, name: str) -> str:
    answer = client.post("/api/courses/", json={"name": name}, headers=csrf(client))
    return str(answer.raise_for_status().json()["id"])


def filed(client: httpx.Client, text: str, *, course_id: str) -> str:
    """A file of the course, once it is read."""
    files = {"file": (f"{uuid4().hex}.txt", text.encode(), "text/plain")}
    answer = client.post("/api/documents/", data={"course_id": course_id}, files=files, headers=csrf(client))
    document_id = str(answer.raise_for_status().json()["items"][0]["id"])
    path = f"/api/documents/{document_id}/"
    wait_until(lambda: client.get(path).json()["state"] == "ready", what="it is read")
    return document_id


def listed(client: httpx.Client, course_id: str) -> list[str]:
    found = client.get("/api/conversations/", params={"course_id": course_id}).raise_for_status().json()
    return [conversation["id"] for conversation in found["items"]]


def test_a_conversation_of_a_course_is_asked_about_its_files(stack: Stack, visitor: httpx.Client) -> None:
    ask(visitor, "Hello [[tokens=1]]")
    optics, botany = a_course(visitor, "Optics"), a_course(visitor, "Botany")
    filed(visitor, "Light is a wave.", course_id=optics)
    filed(visitor, "Leaves are green.", course_id=botany)
    marker = uuid4().hex
    reply = ask(visitor, f"{marker} [[tokens=2]]", course_id=optics)
    read = sent(stack, marker)[-1]["content"]
    assert ("Light is a wave." in read, "Leaves" in read) == (True, False)
    assert conversation_of(visitor, reply)["course_id"] == optics
    assert (listed(visitor, optics), listed(visitor, botany)) == ([reply["conversation"]["id"]], [])

    # Taken to the other course, the next question is about that one.
    path = f"/api/conversations/{reply['conversation']['id']}/"
    moved = visitor.patch(path, json={"course_id": botany}, headers=csrf(visitor)).raise_for_status().json()
    assert moved["course_id"] == botany
    marker = uuid4().hex
    ask(visitor, f"{marker} [[tokens=2]]", conversation_id=reply["conversation"]["id"])
    read = sent(stack, marker)[-1]["content"]
    assert ("Light is a wave." in read, "Leaves are green." in read) == (False, True)

    # And taken out, about none.
    moved = visitor.patch(path, json={"course_id": None}, headers=csrf(visitor)).raise_for_status().json()
    assert moved["course_id"] is None
    assert (listed(visitor, optics), listed(visitor, botany)) == ([], [])
    marker = uuid4().hex
    ask(visitor, f"{marker} [[tokens=2]]", conversation_id=reply["conversation"]["id"])
    assert "<passages>" not in sent(stack, marker)[-1]["content"]


def test_the_file_of_a_deleted_conversation_is_still_in_the_library(visitor: httpx.Client) -> None:
    files = {"file": ("light.txt", b"Light is a wave.", "text/plain")}
    reply: Json = visitor.post("/api/chat/file/", data={"message": "What? [[tokens=1]]"}, files=files).json()
    path = f"/api/conversations/{reply['conversation']['id']}/"
    assert visitor.delete(path, headers=csrf(visitor)).status_code == 204
    document = reply["documents"][0]
    assert [each["id"] for each in visitor.get("/api/documents/").json()["items"]] == [document["id"]]
    assert visitor.get(f"/api/documents/{document['id']}/file/").content == b"Light is a wave."
