"""No page of somebody else can have a browser do anything here: every write of every route, sign-in and admin too."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.calling import send
from tests.owner import Owner, Route, make_owner, routes_of
from tests.stack import Stack, worker_service
from tests.streams import csrf

FOREIGN = {"Origin": "https://evil.example"}
ALLOWED = "http://localhost:3000"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
VARIES = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)")
# The account, and what publishes something of it: for the browser alone.
NO_TOKEN_OPENS = re.compile(r"/api/account/|.*/share/$")
DJANGOS_OWN = ("admin/", "_allauth/", "accounts/")
# Written to by other servers or pages, which have no token of ours, with what stands in its place.
WITHOUT_TOKEN: dict[str, str] = {}


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Owner:
    return make_owner(stack, email="csrf@example.org")


@pytest.fixture(scope="module")
def writes(owner: Owner) -> list[Route]:
    return [route for route in routes_of(owner.client) if route.writes]


def token(owner: Owner, *scopes: str) -> dict[str, str]:
    body = {"name": "of the test", "scopes": scopes}
    made = owner.client.post("/api/account/tokens/", json=body, headers=csrf(owner.client)).raise_for_status()
    return {"Authorization": f"Bearer {made.json()['token']}"}


@pytest.mark.parametrize("value", [None, "x", "a" * 32, "a" * 64], ids=["missing", "short", "wrong", "wrong masked"])
def test_a_write_with_a_session_needs_its_token(owner: Owner, writes: list[Route], value: str | None) -> None:
    headers = {"X-CSRFToken": value} if value else {}
    let_in = []
    for route in writes:
        answer = send(owner.client, route, owner.ids, headers=headers)
        if (answer.status, answer.code) != (403, "csrf_failed"):
            let_in.append(f"{route.name}: {answer.status} {answer.text[:200]}")
    assert let_in == []


def test_a_write_of_a_foreign_page_is_refused_whatever_it_carries(owner: Owner, writes: list[Route]) -> None:
    let_in = []
    for route in writes:
        for carried in (csrf(owner.client), token(owner, "read", "chat")):
            answer = send(owner.client, route, owner.ids, headers={**carried, **FOREIGN})
            if (answer.status, answer.code) != (403, "foreign_origin"):
                let_in.append(f"{route.name}: {answer.status} {answer.text[:200]}")
    assert let_in == []


def test_a_token_needs_no_csrf_token_opens_no_account_and_publishes_nothing(
    stack: Stack, owner: Owner, writes: list[Route]
) -> None:
    program = stack.client(headers=token(owner, "read", "chat"))
    wrong = []
    for route in sorted(writes, key=lambda each: each.method == "delete"):
        answer = send(program, route, owner.ids)
        is_refused = (answer.status, answer.code) == (403, "insufficient_scope")
        if is_refused != bool(NO_TOKEN_OPENS.match(route.path)) or "set-cookie" in answer.headers:
            wrong.append(f"{route.name}: {answer.status} {answer.text[:200]}")
    assert wrong == []


def test_a_token_for_reading_writes_nothing(stack: Stack, owner: Owner, writes: list[Route]) -> None:
    program = stack.client(headers=token(owner, "read"))
    let_in = []
    for route in writes:
        answer = send(program, route, owner.ids)
        if (answer.status, answer.code) != (403, "insufficient_scope"):
            let_in.append(f"{route.name}: {answer.status} {answer.text[:200]}")
    assert let_in == []


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """All addresses below, with something in the place of what varies."""
    for pattern in patterns:
        address = prefix + VARIES.sub("1", str(pattern.pattern).strip("^$"))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address


def test_sign_in_and_admin_refuse_writes_without_their_token(owner: Owner) -> None:
    found = [each for each in addresses(get_resolver().url_patterns) if each.startswith(DJANGOS_OWN)]
    assert len([each for each in found if each.startswith("_allauth/browser/")]) > 20
    assert len([each for each in found if each.startswith("admin/")]) > 10
    let_in = []
    for address in set(found) - WITHOUT_TOKEN.keys():
        for headers in ({}, {**csrf(owner.client), **FOREIGN}):
            for method in WRITES:
                answer = owner.client.request(method, f"/{address}", headers=headers)
                if answer.status_code != 403 or b"csrf_failed" not in answer.content:
                    let_in.append(f"{method} /{address}: {answer.status_code} {answer.text[:100]}")
    assert let_in == []
    assert owner.client.get("/api/session/").json()["user"]["email"] == "csrf@example.org"


@pytest.mark.parametrize("path", ["/api/session/", "/_allauth/browser/v1/config"])
def test_answers_are_shown_to_pages_of_allowed_origins_alone(owner: Owner, path: str) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-csrftoken"}
    for origin, allowed in (
        (ALLOWED, ALLOWED),
        (FOREIGN["Origin"], None),
        ("null", None),
        (f"{ALLOWED}.evil.example", None),
    ):
        for answer in (
            owner.client.get(path, headers={"Origin": origin}),
            owner.client.options(path, headers={"Origin": origin, **asked}),
        ):
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert answer.headers.get("access-control-allow-credentials") == (allowed and "true")


def test_the_worker_shows_its_answers_to_the_origins_it_was_given(tmp_path: Path) -> None:
    worker = worker_service(tmp_path, {"FASTAPI_ALLOWED_ORIGINS": "http://localhost:8000"})
    worker.start()
    try:
        for origin, allowed in (("http://localhost:8000", "http://localhost:8000"), ("https://evil.example", None)):
            answer = httpx.get(f"{worker.url}/health", headers={"Origin": origin}, trust_env=False)
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert "access-control-allow-credentials" not in answer.headers
    finally:
        worker.end()
