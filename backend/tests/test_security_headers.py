"""What every answer says of itself, wherever it comes from: page, assets, API, sign-in, admin and refusals."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from environment import REPOSITORY
from tests.stack import BACKEND, Stack, clean_environment

EXPECTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ADDRESSES = {
    "the page": "/",
    "the page of a conversation": "/c/anything",
    "the page of a link": "/s/anything",
    "the page by its file": "/index.html",
    "an asset": "/theme.js",
    "a file of Django's": "/static/ninja/swagger-ui.css",
    "the API": "/api/session/",
    "the API's documentation": "/api/docs",
    "an address of the API that is none": "/api/nothing",
    "sign-in": "/_allauth/browser/v1/config",
    "admin": "/admin/login/",
    "a probe": "/health/live",
    "a name that is none": "/assets/nothing.js",
}
SERVER_OPTIONS = ("--http bounded_http:BoundedHttp", "--ws none", "--no-proxy-headers")
PRODUCTION = {
    "PUBLIC_URL": "https://lamla.example",
    "SECRET_KEY": "an-example-of-a-long-key-0123456789-abcdefghijklmnopqrstuvwxyz",
    "FASTAPI_SECRET": "an-example-of-a-secret",
}


def assert_guarded(answer: httpx.Response) -> None:
    for name, value in EXPECTED.items():
        assert answer.headers.get_list(name) == [value], name
    (policy,) = answer.headers.get_list("content-security-policy")
    (permissions,) = answer.headers.get_list("permissions-policy")
    assert "camera=()" in permissions
    directives = dict(entry.split(" ", 1) for entry in policy.split("; "))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == directives["form-action"] == "'self'"
    assert not re.search(r"unsafe|\*|https?:", policy)


@pytest.mark.parametrize("path", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_answer_is_guarded(visitor: httpx.Client, path: str) -> None:
    answer = visitor.get(path)
    assert_guarded(answer)
    assert "strict-transport-security" not in answer.headers  # of a plain http address it would lock people out
    if path.startswith(("/api/", "/_allauth/", "/admin/")):
        assert "no-store" in answer.headers["cache-control"]


def test_the_page_that_draws_diagrams_has_a_policy_of_its_own(visitor: httpx.Client) -> None:
    answer = visitor.get("/diagram.html")
    assert answer.headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    (policy,) = answer.headers.get_list("content-security-policy")
    directives = dict(entry.split(" ", 1) for entry in policy.split("; "))
    nothing = {"default-src", "connect-src", "base-uri", "form-action"}
    assert {name for name, value in directives.items() if value == "'none'"} == nothing
    assert directives["script-src"] == directives["frame-ancestors"] == "'self'"
    assert directives["img-src"] == "data:"
    assert "unsafe" not in policy.replace("style-src 'self' 'unsafe-inline'", "")


def test_refusals_are_guarded(visitor: httpx.Client) -> None:
    refused = {
        413: visitor.post("/api/chat/", content=b" " * 5_000_000, headers={"Content-Type": "application/json"}),
        415: visitor.post("/api/chat/", content=b"a"),
        400: visitor.get("/", headers={"Host": "evil.example"}),
        405: visitor.get("/api/chat/"),
        403: visitor.get("/api/session/", headers={"Origin": "https://evil.example"}),
        422: visitor.post("/api/chat/", json={}),
    }
    assert {status: answer.status_code for status, answer in refused.items()} == {status: status for status in refused}
    for answer in refused.values():
        assert_guarded(answer)


def test_a_websocket_is_refused_and_nothing_fails(visitor: httpx.Client, stack: Stack) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert visitor.get("/api/chat/live/", headers=upgrade).status_code == 403
    assert "Traceback" not in stack.gateway.log.read_text()


def test_whatever_starts_the_gateway_bounds_it() -> None:
    """uvicorn by itself waits for heads without end, and believes X-Forwarded-For of its own machine."""
    for name in ("Procfile", "docker-compose.yml"):
        text = " ".join((REPOSITORY / name).read_text().split())
        assert all(option in text for option in SERVER_OPTIONS), name
    image = (REPOSITORY / "Dockerfile").read_text()
    assert all(option in image for option in " ".join(SERVER_OPTIONS).split())


def manage(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = clean_environment(tmp_path, {**PRODUCTION, "DATA_DIR": str(tmp_path), **settings})
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=BACKEND, env=env, capture_output=True, text=True, timeout=60
    )


def test_django_finds_nothing_to_warn_of_in_production(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("value", ["everybody", "10.0.0.0/33", "10.0.0.1/8"])
def test_a_proxy_that_is_no_address_is_said_at_the_start(tmp_path: Path, value: str) -> None:
    checked = manage(tmp_path, "check", TRUSTED_PROXIES=value)
    assert checked.returncode != 0
    assert "TRUSTED_PROXIES holds" in checked.stderr
    assert "Traceback" not in checked.stderr
