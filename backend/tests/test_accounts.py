"""Signing up, in and out, with real processes; the e-mails are files."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.accounts import PASSWORD, ask, code_from_mail, log_in, sign_up
from tests.stack import Stack, running_stack
from tests.streams import chat, csrf


def titles(client: httpx.Client) -> list[str]:
    return [item["title"] for item in client.get("/api/conversations/").json()["items"]]


def test_a_guest_who_signs_up_keeps_the_chats(stack: Stack, visitor: httpx.Client) -> None:
    visitor.get("/api/session/")
    chat(visitor, "[[tokens=1]] before")
    sign_up(stack, visitor, "keeper@example.org")
    user = visitor.get("/api/session/").json()["user"]
    assert (user["email"], user["is_guest"]) == ("keeper@example.org", False)
    assert titles(visitor) == ["[[tokens=1]] before"]
    elsewhere = stack.client()
    assert log_in(elsewhere, "keeper@example.org")["status"] == 200
    assert titles(elsewhere) == ["[[tokens=1]] before"]


def test_a_guest_who_logs_in_adds_what_was_made(stack: Stack, visitor: httpx.Client) -> None:
    sign_up(stack, visitor, "adder@example.org")
    chat(visitor, "[[tokens=1]] mine")
    phone = stack.client()
    phone.get("/api/session/")
    chat(phone, "[[tokens=1]] as a guest")
    assert log_in(phone, "adder@example.org")["status"] == 200
    assert set(titles(phone)) == {"[[tokens=1]] mine", "[[tokens=1]] as a guest"}


def test_who_logs_out_is_a_stranger_again(stack: Stack, visitor: httpx.Client) -> None:
    sign_up(stack, visitor, "leaver@example.org")
    chat(visitor, "[[tokens=1]] secret")
    ask(visitor, "/auth/session", method="DELETE")
    assert visitor.get("/api/session/").json()["user"] is None
    assert titles(visitor) == []


def test_logging_out_everywhere_ends_the_other_devices(stack: Stack, visitor: httpx.Client) -> None:
    sign_up(stack, visitor, "everywhere@example.org")
    phone = stack.client()
    log_in(phone, "everywhere@example.org")
    sessions = ask(visitor, "/auth/sessions", method="GET")["data"]
    others = [session["id"] for session in sessions if not session["is_current"]]
    assert len(others) == 1
    ask(visitor, "/auth/sessions", {"sessions": others}, method="DELETE")
    assert phone.get("/api/session/").json()["user"] is None
    assert visitor.get("/api/session/").json()["user"]["email"] == "everywhere@example.org"


def test_a_forgotten_password_is_set_anew_by_a_code_and_ends_other_sessions(
    stack: Stack, visitor: httpx.Client
) -> None:
    sign_up(stack, visitor, "forgetful@example.org")
    other = stack.client()
    other.get("/api/session/")
    assert ask(other, "/auth/password/request", {"email": "forgetful@example.org"})["status"] == 401
    code = code_from_mail(stack)
    told = ask(other, "/auth/password/reset", {"key": code, "password": "another horse entirely"})
    assert told["status"] in {200, 401}, told
    assert visitor.get("/api/session/").json()["user"] is None
    assert log_in(stack.client(), "forgetful@example.org")["status"] == 400
    assert log_in(stack.client(), "forgetful@example.org", "another horse entirely")["status"] == 200


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_a_weak_password_is_refused_by_its_field(visitor: httpx.Client, password: str) -> None:
    visitor.get("/api/session/")
    told = ask(visitor, "/auth/signup", {"email": "weak@example.org", "password": password})
    assert told["status"] == 400
    assert {error["param"] for error in told["errors"]} == {"password"}


def test_a_sign_up_with_a_known_address_tells_nothing_of_it(stack: Stack, visitor: httpx.Client) -> None:
    sign_up(stack, visitor, "known@example.org")
    told = []
    for email in ("known@example.org", "unknown@example.org"):
        stranger = stack.client()
        stranger.get("/api/session/")
        told.append(ask(stranger, "/auth/signup", {"email": email, "password": PASSWORD}))
    assert told[0] == told[1]


def test_signing_in_needs_the_csrf_token(visitor: httpx.Client) -> None:
    visitor.get("/api/session/")
    refused = visitor.post("/_allauth/browser/v1/auth/login", json={"email": "a@example.org", "password": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")


class TestTokens:
    @pytest.fixture
    def owner(self, stack: Stack, visitor: httpx.Client, request: pytest.FixtureRequest) -> httpx.Client:
        sign_up(stack, visitor, f"owner-{abs(hash(request.node.name))}@example.org")
        return visitor

    def make(self, owner: httpx.Client, *scopes: str) -> tuple[str, str]:
        body = {"name": "mine", "scopes": scopes}
        made = owner.post("/api/account/tokens/", json=body, headers=csrf(owner))
        assert made.status_code == 201, made.text
        return made.json()["id"], made.json()["token"]

    def bearer(self, stack: Stack, token: str) -> httpx.Client:
        return stack.client(headers={"Authorization": f"Bearer {token}"})

    def test_a_program_asks_for_its_owner_without_cookies(self, stack: Stack, owner: httpx.Client) -> None:
        _, token = self.make(owner, "chat", "read")
        program = self.bearer(stack, token)
        answer = program.post("/api/chat/", json={"message": "[[tokens=1]] by program"})
        assert answer.status_code == 200
        assert not answer.cookies
        assert titles(owner) == ["[[tokens=1]] by program"]
        (listed,) = owner.get("/api/account/tokens/").json()["items"]
        assert listed["last_used_at"] is not None
        assert "token" not in listed

    def test_a_token_does_only_what_it_was_made_for(self, stack: Stack, owner: httpx.Client) -> None:
        _, token = self.make(owner, "read")
        program = self.bearer(stack, token)
        assert program.get("/api/conversations/").status_code == 200
        refused = program.post("/api/chat/", json={"message": "hi"})
        assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")

    def test_a_token_opens_nothing_of_the_account(self, stack: Stack, owner: httpx.Client) -> None:
        _, token = self.make(owner, "chat", "read")
        program = self.bearer(stack, token)
        for method, path in (("GET", "/api/account/tokens/"), ("POST", "/api/account/tokens/")):
            body = {"name": "more", "scopes": ["read"]} if method == "POST" else None
            refused = program.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")

    def test_a_revoked_or_unknown_token_is_refused(self, stack: Stack, owner: httpx.Client) -> None:
        token_id, token = self.make(owner, "read")
        assert owner.delete(f"/api/account/tokens/{token_id}/", headers=csrf(owner)).status_code == 204
        for text in (token, "lamla_wrong", "x"):
            refused = self.bearer(stack, text).get("/api/conversations/")
            assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
            assert refused.headers["www-authenticate"] == "Bearer"

    def test_guests_and_others_get_nowhere(self, stack: Stack, owner: httpx.Client) -> None:
        token_id, _ = self.make(owner, "read")
        guest = stack.client()
        chat(guest, "[[tokens=1]]")
        refused = guest.get("/api/account/tokens/")
        assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        other = stack.client()
        sign_up(stack, other, f"other-{token_id}@example.org")
        assert other.delete(f"/api/account/tokens/{token_id}/", headers=csrf(other)).status_code == 404


class TestWhoMaySignUp:
    @pytest.fixture
    def inviting(self, tmp_path: Path) -> Iterator[Stack]:
        with running_stack(tmp_path, gateway={"SIGNUP": "invite"}, start_worker=False) as running:
            yield running

    def test_an_invitation_is_good_once(self, inviting: Stack) -> None:
        code = inviting.manage("invite", "--note", "for a test").strip()
        sign_up(inviting, inviting.client(), "invited@example.org", invitation=code)
        for used in (code, "", "made-up"):
            second = inviting.client()
            second.get("/api/session/")
            told = ask(
                second, "/auth/signup", {"email": "second@example.org", "password": PASSWORD, "invitation": used}
            )
            assert (told["status"], told["errors"][0]["param"]) == (400, "invitation")

    def test_a_closed_door_is_closed(self, tmp_path: Path) -> None:
        with running_stack(tmp_path, gateway={"SIGNUP": "closed"}, start_worker=False) as closed:
            client = closed.client()
            assert client.get("/api/session/").json()["signup"] == "closed"
            told = ask(client, "/auth/signup", {"email": "late@example.org", "password": PASSWORD})
            assert told["status"] == 403


def test_the_admin_sends_who_is_not_signed_in_to_the_sign_in_with_second_factors(visitor: httpx.Client) -> None:
    first = visitor.get("/admin/")
    assert first.status_code == 302
    login = visitor.get(first.headers["location"])
    assert login.status_code == 302
    assert login.headers["location"].startswith("/account/login?next=%2Fadmin%2F")


def test_an_operator_signs_in_on_the_page_and_then_opens_the_admin(
    stack: Stack, visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(stack.gateway.env, "DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    stack.manage("createsuperuser", "--noinput", "--username", "chief", "--email", "chief@example.org")
    assert log_in(visitor, "chief@example.org")["status"] == 401
    assert ask(visitor, "/auth/email/verify", {"key": code_from_mail(stack)})["status"] == 200
    assert visitor.get("/api/session/").json()["user"]["is_staff"] is True
    for page in ("/admin/", "/admin/accounts/user/", "/admin/chat/generation/", "/admin/usage/usageentry/"):
        assert visitor.get(page).status_code == 200, page
