"""Guests, cookies, tokens and origins, as a browser meets them."""

import httpx
import pytest

from tests.stack import Stack
from tests.streams import chat, csrf


def test_the_first_call_of_a_browser_sets_its_cookies_and_says_the_limits(visitor: httpx.Client) -> None:
    session = visitor.get("/api/session/").json()
    assert session["user"] is None
    assert session["is_guest"] is True
    assert session["limits"]["message_max_chars"] == 32_000
    assert {"sessionid", "csrftoken"} <= set(visitor.cookies)


def test_a_guest_is_made_at_the_first_prompt_and_stays_the_same(visitor: httpx.Client) -> None:
    visitor.get("/api/session/")
    chat(visitor, "[[tokens=1]]")
    first = visitor.get("/api/session/").json()["user"]
    chat(visitor, "[[tokens=1]]")
    assert visitor.get("/api/session/").json()["user"] == first
    assert first["is_guest"] is True
    assert len(visitor.get("/api/conversations/").json()["items"]) == 2


def test_a_program_without_cookies_needs_no_token(stack: Stack) -> None:
    bare = stack.client()
    assert bare.post("/api/chat/", json={"message": "[[tokens=1]]"}).status_code == 200


def test_the_token_of_the_session_answer_opens_a_write(visitor: httpx.Client) -> None:
    token = visitor.get("/api/session/").json()["csrf_token"]
    answer = visitor.post("/api/chat/", json={"message": "[[tokens=1]]"}, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


@pytest.mark.parametrize("token", [None, "x", "a" * 32, "a" * 64], ids=["missing", "short", "wrong", "wrong masked"])
def test_a_write_with_a_session_needs_its_token(visitor: httpx.Client, token: str | None) -> None:
    visitor.get("/api/session/")
    headers = {"X-CSRFToken": token} if token else {}
    for path in ("/api/chat/", "/api/chat/stream/"):
        refused = visitor.post(path, json={"message": "hi"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    files = {"file": ("a.txt", b"text")}
    refused = visitor.post("/api/chat/file/", data={"message": "hi"}, files=files, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert visitor.get("/api/conversations/").json()["items"] == []


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example", "http://[bad"])
def test_a_foreign_page_is_refused_whatever_it_carries(visitor: httpx.Client, origin: str) -> None:
    for method, path in (("GET", "/api/session/"), ("POST", "/api/chat/")):
        body = {"message": "hi"} if method == "POST" else None
        refused = visitor.request(method, path, json=body, headers={"Origin": origin})
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        assert "access-control-allow-origin" not in refused.headers


def test_our_own_page_and_the_development_page_are_let_in(stack: Stack, visitor: httpx.Client) -> None:
    visitor.get("/api/session/")
    for origin in (stack.gateway.url, "http://localhost:3000"):
        headers = {**csrf(visitor), "Origin": origin}
        assert visitor.post("/api/chat/", json={"message": "[[tokens=1]]"}, headers=headers).status_code == 200
    allowed = visitor.get("/api/session/", headers={"Origin": "http://localhost:3000"}).headers
    assert allowed["access-control-allow-origin"] == "http://localhost:3000"
    assert allowed["access-control-allow-credentials"] == "true"


def test_a_preflight_is_answered(visitor: httpx.Client) -> None:
    asked = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-csrftoken",
    }
    answer = visitor.options("/api/chat/", headers=asked)
    assert answer.status_code == 200
    assert "x-csrftoken" in answer.headers["access-control-allow-headers"]


def test_a_made_up_session_is_replaced(stack: Stack) -> None:
    bare = stack.client()
    bare.cookies.set("sessionid", "0" * 32)
    bare.get("/api/session/")
    assert "0" * 32 not in [cookie.value for cookie in bare.cookies.jar if cookie.domain]


def test_a_request_id_is_taken_when_well_formed_else_made(stack: Stack, visitor: httpx.Client) -> None:
    assert visitor.get("/health/live", headers={"X-Request-ID": "lecture-7"}).headers["x-request-id"] == "lecture-7"
    made = visitor.get("/health/live", headers={"X-Request-ID": "a b"}).headers["x-request-id"]
    assert made != "a b"
    visitor.post("/api/chat/", json={"message": "[[tokens=1]]"}, headers={"X-Request-ID": "through-both"})
    assert any(entry["request_id"] == "through-both" for entry in stack.provider.log())


def test_a_page_answers_at_every_address_but_those_of_assets(visitor: httpx.Client) -> None:
    assert visitor.get("/c/anything").status_code == 200
    assert visitor.get("/assets/of-an-older-build.js").status_code == 404


def test_the_documents_of_the_api(visitor: httpx.Client) -> None:
    document = visitor.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/chat/stream/" in document["paths"]
    page = visitor.get("/api/docs")
    assert page.status_code == 200
    assert visitor.get("/static/ninja/swagger-ui.css").status_code == 200


def test_the_admin_page_is_guarded_by_the_sign_in_of_the_page(visitor: httpx.Client) -> None:
    assert visitor.get("/admin/", follow_redirects=True).url.path == "/account/login"
    assert visitor.post("/admin/login/", data={"username": "a", "password": "b"}).status_code == 403
