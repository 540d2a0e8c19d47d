"""Right and wrong secrets, known and unknown e-mails cost the same work, so that no clock tells them apart."""

import hashlib
import hmac
from collections import Counter
from typing import Any

import httpx
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail

from apps.accounts.models import User
from apps.accounts.services import tokens
from apps.core.access import Caller, Scope
from apps.core.errors import Unauthorized
from fastapi_service.core.config import Settings
from fastapi_service.main import create_app
from tests.equal_work import PAIRS, Act, Stranger, make_known

SECRETS = ("the-first-secret", "the-second-secret")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what is slow, or must take the same time, was called."""
    counted: Counter[str] = Counter()

    def count(owner: object, name: str, what: str) -> None:
        real = getattr(owner, name)

        def counting(*args: Any, **options: Any) -> Any:  # Any: as the real one
            counted[what] += 1
            return real(*args, **options)

        monkeypatch.setattr(owner, name, counting)

    count(Argon2PasswordHasher, "encode", "password hash")
    count(Argon2PasswordHasher, "verify", "password hash")
    count(hmac, "compare_digest", "comparison")
    count(hashlib, "sha256", "digest")
    return counted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("known", "unknown"), PAIRS.values(), ids=PAIRS.keys())
def test_a_known_email_costs_as_much_as_an_unknown_one(
    settings: Any, work: Counter[str], known: Act, unknown: Act
) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    make_known()
    spent = []
    for act in (known, unknown):
        work.clear()
        mail.outbox.clear()
        answer = act(Stranger())
        assert answer.status_code in {400, 401}
        spent.append((work["password hash"], len(mail.outbox), answer.status_code))
    assert spent[0] == spent[1]


@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_none_costs_as_much_as_a_good_one(work: Counter[str]) -> None:
    """It is found by a digest of 256 random bits, so nothing of it is compared byte by byte."""
    _, text = tokens.token_create(
        user=User.objects.create(username="a"), name="x", scopes=[Scope.READ], expires_in_days=None
    )
    work.clear()
    assert tokens.token_user(Caller(session_key=None, request_id="", token=text)).username == "a"
    good = work["digest"]
    for wrong in (f"{text[:-1]}x", "lamla_", "x" * 10_000):
        work.clear()
        with pytest.raises(Unauthorized):
            tokens.token_user(Caller(session_key=None, request_id="", token=wrong))
        assert work["digest"] == good == 1


@pytest.mark.parametrize("given", [*SECRETS, "the-first-secreT", "t", "", None, "x" * 10_000, "\u00ff"])
async def test_an_internal_secret_is_compared_with_all_whatever_it_is(work: Counter[str], given: str | None) -> None:
    transport = httpx.ASGITransport(create_app(Settings(secrets=SECRETS)))
    headers = {} if given is None else {b"X-Internal-Secret": given.encode("latin-1")}
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
        work.clear()
        answer = await client.get("/nothing", headers=headers)
    assert work["comparison"] == len(SECRETS)
    assert answer.status_code == (404 if given in SECRETS else 401)
