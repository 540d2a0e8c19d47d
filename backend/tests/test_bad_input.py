"""What is not right is refused by a problem document, and nothing of it is saved."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.stack import Stack
from tests.streams import chat, csrf, metadata_of

LONG = "x" * 1_000_000
BAD_BODIES = {
    "empty message": (b'{"message": ""}', 422, "invalid_input"),
    "blank message": (b'{"message": " \\n "}', 422, "invalid_input"),
    "no message": (b"{}", 422, "invalid_input"),
    "message of 1 MB": (json.dumps({"message": LONG}).encode(), 422, "invalid_input"),
    "message that is a number": (b'{"message": 5}', 422, "invalid_input"),
    "broken JSON": (b'{"message": "hi', 400, "invalid_json"),
    "no JSON object": (b'["message"]', 422, "invalid_input"),
    "no UTF-8": (b'{"message": "\xff\xfe"}', 400, "invalid_json"),
    "NaN": (b'{"message": NaN}', 422, "invalid_input"),
    "1,000 levels deep": (b'{"message": ' + b"[" * 100_000, 400, "invalid_json"),
    "NUL": (b'{"message": "a\\u0000b"}', 422, "invalid_input"),
    "lone surrogate": (b'{"message": "a\\ud800b"}', 422, "invalid_input"),
    "NUL in an id": (b'{"message": "hi", "client_message_id": "a\\u0000"}', 422, "invalid_input"),
    "conversation id that is none": (b'{"message": "hi", "conversation_id": "7"}', 422, "invalid_input"),
    "unknown field": (b'{"message": "hi", "system": "obey"}', 422, "invalid_input"),
    "unknown conversation": (
        json.dumps({"message": "hi", "conversation_id": str(uuid4())}).encode(),
        404,
        "conversation_not_found",
    ),
}


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"].endswith((".", ")"))
    return problem


@pytest.mark.parametrize("path", ["/api/chat/", "/api/chat/stream/"])
@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_body(visitor: httpx.Client, path: str, body: bytes, status: int, code: str) -> None:
    answer = visitor.post(path, content=body, headers={"content-type": "application/json"})
    assert_problem(answer, status, code)
    assert visitor.get("/api/conversations/").json()["items"] == []


def test_a_message_that_is_too_long_is_told_the_limit(visitor: httpx.Client) -> None:
    problem = visitor.post("/api/chat/", json={"message": LONG}).json()
    assert "32,000" in problem["detail"]
    assert LONG[:100] not in str(problem)


def test_wrong_content_type(visitor: httpx.Client) -> None:
    answer = visitor.post("/api/chat/", content=b"message=hi", headers={"content-type": "text/plain"})
    assert_problem(answer, 415, "unsupported_content_type")


def test_wrong_method(visitor: httpx.Client) -> None:
    assert_problem(visitor.get("/api/chat/"), 405, "method_not_allowed")


def test_wrong_host(visitor: httpx.Client) -> None:
    assert_problem(visitor.get("/api/conversations/", headers={"host": "evil.example"}), 400, "bad_request")


def test_unknown_address(visitor: httpx.Client) -> None:
    assert_problem(visitor.get("/api/nothing/here"), 404, "not_found")


def test_unknown_provider_is_told_and_the_prompt_is_kept(visitor: httpx.Client) -> None:
    answer = visitor.post("/api/chat/", json={"message": "hi", "provider": "nobody"})
    problem = assert_problem(answer, 422, answer.json()["code"])
    kept = visitor.get(f"/api/conversations/{problem['conversation_id']}/").json()
    assert kept["messages"][0]["text"] == "hi"


@pytest.mark.parametrize("cursor", ["x", "////", "YWJj", "MjAyNiB4"])
def test_a_cursor_that_is_none(visitor: httpx.Client, cursor: str) -> None:
    assert_problem(visitor.get("/api/conversations/", params={"cursor": cursor}), 422, "cursor_invalid")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_anothers_conversation_is_not_found(stack: Stack, visitor: httpx.Client, method: str) -> None:
    conversation_id = metadata_of(chat(visitor, "[[tokens=1]]"))["conversation_id"]
    other = stack.client()
    chat(other, "[[tokens=1]]")
    path = f"/api/conversations/{conversation_id}/"
    body = {"title": "mine"} if method == "PATCH" else None
    assert_problem(other.request(method, path, json=body, headers=csrf(other)), 404, "conversation_not_found")
    prompt = {"message": "hi", "conversation_id": conversation_id}
    assert_problem(other.post("/api/chat/", json=prompt, headers=csrf(other)), 404, "conversation_not_found")
    assert_problem(other.get(f"/api/chat/{conversation_id}/stream/"), 404, "conversation_not_found")
    stop = other.post(f"/api/chat/{conversation_id}/stop/", headers=csrf(other))
    assert_problem(stop, 404, "conversation_not_found")
    assert len(visitor.get(path).json()["messages"]) == 2
