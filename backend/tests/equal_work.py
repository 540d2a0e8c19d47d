"""What a stranger can ask of an e-mail that has an account and of one that has none, in this process."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.http import HttpResponseBase
from django.test import Client

from apps.accounts.models import User

API = "/_allauth/browser/v1"
KNOWN = "known@example.org"
PASSWORD = "correct horse battery staple"
WRONG = "another horse battery staple"


class Stranger:
    """A visitor without cookies, each time another one."""

    def __init__(self) -> None:
        self._client = Client(headers={"host": "localhost"})

    def post(self, path: str, body: Mapping[str, str]) -> HttpResponseBase:
        return self._client.post(f"{API}{path}", body, content_type="application/json")


def make_known() -> None:
    """The account of KNOWN."""
    user = User.objects.create_user(username="known", email=KNOWN, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)


def unknown() -> str:
    return f"{uuid4().hex}@example.org"


Act = Callable[[Stranger], HttpResponseBase]
PAIRS: Mapping[str, tuple[Act, Act]] = {
    "log in": (
        lambda stranger: stranger.post("/auth/login", {"email": KNOWN, "password": WRONG}),
        lambda stranger: stranger.post("/auth/login", {"email": unknown(), "password": WRONG}),
    ),
    "ask for a new password": (
        lambda stranger: stranger.post("/auth/password/request", {"email": KNOWN}),
        lambda stranger: stranger.post("/auth/password/request", {"email": unknown()}),
    ),
    "sign up": (
        lambda stranger: stranger.post("/auth/signup", {"email": KNOWN, "password": PASSWORD}),
        lambda stranger: stranger.post("/auth/signup", {"email": unknown(), "password": PASSWORD}),
    ),
}
