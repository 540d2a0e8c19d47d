"""Whatever opens an account is in no log, however much is logged: passwords, codes, keys of sessions and of factors."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.accounts import PASSWORD, ask, code_from_mail, log_in
from tests.stack import Stack, running_stack
from tests.streams import chat, csrf

EMAIL = "discreet@example.org"
WRONG_PASSWORD = "a-wrong-password-of-the-test"
NEW_PASSWORD = "another-password-of-the-test"
PRIVATE_WORDS = "what-i-never-told-anybody"


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = {"LOG_LEVEL": "DEBUG", "UVICORN_LOG_LEVEL": "trace"}
    with running_stack(tmp_path_factory.mktemp("talkative"), gateway=settings) as stack:
        yield stack


def totp_of(secret: str) -> str:
    """The code that an authenticator shows now, by allauth's own reckoning."""
    from allauth.mfa.totp.internal.auth import (  # noqa: PLC0415  its apps are loaded only now
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def cookies_of(client: httpx.Client) -> set[str]:
    return {value for name, value in client.cookies.items() if name in {"sessionid", "csrftoken"} and value}


def live_through_it_all(stack: Stack) -> dict[str, str]:
    """Sign up, ask, sign in wrongly and rightly, add a factor and a token, set a new password; the secrets by name."""
    client, stranger = stack.client(), stack.client()
    secrets = {"a password": PASSWORD, "a wrong password": WRONG_PASSWORD, "a new password": NEW_PASSWORD}
    client.get("/api/session/")
    ask(client, "/auth/signup", {"email": EMAIL, "password": PASSWORD})
    secrets["an e-mail's code"] = code_from_mail(stack)
    ask(client, "/auth/email/verify", {"key": secrets["an e-mail's code"]})
    chat(client, f"{PRIVATE_WORDS} [[tokens=1]]")
    secrets["a prompt"] = PRIVATE_WORDS
    made = client.post("/api/account/tokens/", json={"name": "x", "scopes": ["read"]}, headers=csrf(client))
    secrets["a token"] = made.json()["token"]
    program = stack.client(headers={"Authorization": f"Bearer {secrets['a token']}"})
    assert program.get("/api/conversations/").status_code == 200
    ask(client, "/auth/reauthenticate", {"password": PASSWORD})
    secret = ask(client, "/account/authenticators/totp", method="GET")["meta"]["secret"]
    secrets["a factor's secret"] = secret
    secrets["a factor's code"] = totp_of(secret)
    assert ask(client, "/account/authenticators/totp", {"code": secrets["a factor's code"]})["status"] == 200
    codes = ask(client, "/account/authenticators/recovery-codes", method="GET")["data"]["unused_codes"]
    secrets |= {f"recovery code {number}": code for number, code in enumerate(codes)}
    log_in(stranger, EMAIL, WRONG_PASSWORD)
    log_in(stranger, EMAIL)
    ask(stranger, "/auth/2fa/authenticate", {"code": codes[0]})
    forgetful = stack.client()
    forgetful.get("/api/session/")
    ask(forgetful, "/auth/password/request", {"email": EMAIL})
    secrets["a reset's code"] = code_from_mail(stack)
    ask(forgetful, "/auth/password/reset", {"key": secrets["a reset's code"], "password": NEW_PASSWORD})
    visitors = (client, stranger, forgetful)
    secrets |= {f"cookie {value[:4]}": value for each in visitors for value in cookies_of(each)}
    return secrets


def test_no_secret_is_in_a_log_at_its_most_talkative(talkative: Stack) -> None:
    secrets = live_through_it_all(talkative)
    logs = {service.name: service.log.read_text() for service in (talkative.gateway, talkative.worker)}
    assert "TRACE" in logs["gateway"], "the control: this log is as talkative as can be"
    # A code of six digits may stand in a time or a number by chance; as a word of its own it would not.
    found = [
        f"{name} in the log of the {service}"
        for service, log in logs.items()
        for name, secret in secrets.items()
        if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w])", log)
    ]
    assert found == []


def test_the_files_that_hold_codes_are_ours_alone(talkative: Stack) -> None:
    mail = list(Path(talkative.gateway.env["DATA_DIR"], "mail").iterdir())
    assert mail
    assert {oct(file.stat().st_mode & 0o077) for file in mail} == {"0o0"}
