"""Documents on branches: an edit keeps them or brings its own, and a model reads those of its branch alone."""

from typing import Any
from uuid import uuid4

import httpx

from apps.documents.tests import sample_files
from tests.conversations import ask, conversation_of, refused, sent, switch
from tests.stack import Stack
from tests.streams import csrf


def upload(client: httpx.Client, content: str, message: str, **fields: str) -> dict[str, Any]:
    files = {"file": ("notes.txt", content.encode(), "text/plain")}
    answer = client.post("/api/chat/file/", data={"message": message, **fields}, files=files, headers=csrf(client))
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()
    return reply


def test_an_edit_keeps_the_files_of_the_prompt(stack: Stack, visitor: httpx.Client) -> None:
    first = upload(visitor, "Chlorophyll is green.", "What is it? [[tokens=2]]")
    marker = uuid4().hex
    edited = ask(visitor, f"{marker} [[tokens=2]]", client_message_id=first["user_message"]["id"])
    assert [part["filename"] for part in edited["user_message"]["parts"][1:]] == ["notes.txt"]
    assert "Chlorophyll is green." in sent(stack, marker)[-1]["content"]


def test_an_edit_with_a_file_of_its_own_is_asked_about_that_alone(stack: Stack, visitor: httpx.Client) -> None:
    first = upload(visitor, "Chlorophyll is green.", "What is it? [[tokens=2]]")
    marker = uuid4().hex
    upload(visitor, "Haemoglobin is red.", f"{marker} [[tokens=2]]", client_message_id=first["user_message"]["id"])
    read = sent(stack, marker)[-1]["content"]
    assert "Haemoglobin is red." in read
    assert "Chlorophyll" not in read
    # Both belong to the conversation, and the first is there again on its own branch.
    assert len(conversation_of(visitor, first)["documents"]) == 2
    switch(visitor, first, first["user_message"]["id"])
    marker = uuid4().hex
    ask(visitor, f"{marker} [[tokens=2]]", conversation_id=first["conversation"]["id"])
    read = sent(stack, marker)[-1]["content"]
    assert "Chlorophyll is green." in read
    assert "Haemoglobin" not in read


def test_a_document_that_was_sent_before_can_be_asked_about_elsewhere(stack: Stack, visitor: httpx.Client) -> None:
    document = upload(visitor, "Chlorophyll is green.", "What is it? [[tokens=2]]")["documents"][0]
    marker = uuid4().hex
    reply = ask(visitor, f"{marker} [[tokens=2]]", document_ids=[document["id"], document["id"]])
    (asked_about,) = reply["documents"]
    assert asked_about | {"meaning_percent": 0} == document | {"meaning_percent": 0}  # which is still being made
    assert [part["document_id"] for part in reply["user_message"]["parts"][1:]] == [document["id"]]
    assert "Chlorophyll is green." in sent(stack, marker)[-1]["content"]


def test_anothers_document_is_not_found_and_nothing_is_saved(stack: Stack, visitor: httpx.Client) -> None:
    document = upload(stack.client(), "Chlorophyll is green.", "What is it? [[tokens=2]]")["documents"][0]
    assert refused(visitor, message="hi", document_ids=[document["id"]]) == (404, "document_not_found")
    assert visitor.get("/api/conversations/").json()["items"] == []


def test_documents_are_named_in_a_form_too(visitor: httpx.Client) -> None:
    document = upload(visitor, "Chlorophyll is green.", "What is it? [[tokens=2]]")["documents"][0]
    reply = upload(visitor, "Haemoglobin is red.", "And both? [[tokens=2]]", document_ids=document["id"])
    assert {each["filename"] for each in reply["documents"]} == {"notes.txt"}
    assert len(reply["documents"]) == 2


def test_a_file_has_no_place_in_a_regenerate(visitor: httpx.Client) -> None:
    first = ask(visitor, "[[tokens=2]]")
    fields = {"trigger": "regenerate", "conversation_id": first["conversation"]["id"]}
    files = {"file": ("notes.txt", b"Chlorophyll is green.", "text/plain")}
    answer = visitor.post("/api/chat/file/", data=fields, files=files, headers=csrf(visitor))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert conversation_of(visitor, first)["documents"] == []


def test_a_long_file_on_another_branch_takes_no_room(stack: Stack, visitor: httpx.Client) -> None:
    first = ask(visitor, "One [[tokens=3]]")
    named = {"conversation_id": first["conversation"]["id"]}
    files = {"file": ("long.pdf", sample_files.long_pdf(300), "application/pdf")}
    visitor.post("/api/chat/file/", data={"message": "Long [[tokens=2]]", **named}, files=files, headers=csrf(visitor))
    other = ask(visitor, "Two [[tokens=2]]", parent_id=first["assistant_message"]["id"], **named)
    assert [part["type"] for part in other["assistant_message"]["parts"]] == ["text"]
