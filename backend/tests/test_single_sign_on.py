"""Signing in through somebody else's OpenID Connect service."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.accounts import API
from tests.identity_provider import running_identity_provider
from tests.stack import Stack, running_stack
from tests.streams import chat, csrf


@pytest.fixture
def sso(tmp_path: Path) -> Iterator[Stack]:
    person = {"sub": "42", "email": "sso@example.org", "email_verified": True, "name": "Ada"}
    with running_identity_provider(**person) as issuer:
        settings = {
            "OIDC_ISSUER": issuer,
            "OIDC_CLIENT_ID": "lamla",
            "OIDC_CLIENT_SECRET": "of-the-client",
            "OIDC_NAME": "School",
        }
        with running_stack(tmp_path, gateway=settings) as running:
            yield running


def sign_in(client: httpx.Client) -> httpx.Response:
    """As the page does: a form that the browser sends, and the redirects that follow it."""
    token = csrf(client)["X-CSRFToken"]
    form = {"provider": "oidc", "process": "login", "callback_url": "/", "csrfmiddlewaretoken": token}
    return client.post(f"{API}/auth/provider/redirect", data=form, follow_redirects=True)


def test_a_guest_signs_in_through_another_service_and_keeps_the_chats(sso: Stack) -> None:
    guest = sso.client()
    session = guest.get("/api/session/").json()
    assert session["providers"] == [{"id": "oidc", "name": "School"}]
    chat(guest, "[[tokens=1]] before")
    back = sign_in(guest)
    assert (back.status_code, back.url.path) == (200, "/")
    user = guest.get("/api/session/").json()["user"]
    assert (user["email"], user["is_guest"]) == ("sso@example.org", False)
    assert [item["title"] for item in guest.get("/api/conversations/").json()["items"]] == ["[[tokens=1]] before"]


def test_a_form_without_its_token_begins_no_sign_in(sso: Stack) -> None:
    client = sso.client()
    client.get("/api/session/")
    form = {"provider": "oidc", "process": "login", "callback_url": "/"}
    refused = client.post(f"{API}/auth/provider/redirect", data=form)
    assert refused.status_code == 403
