"""How sign-in behaves where django-allauth asks us: names, who may sign up, how second factors are kept."""

import base64
import hashlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from apps.accounts.models import User

OPEN, BY_INVITATION, CLOSED = "open", "invite", "closed"


def name_of(user: User) -> str:
    """How e-mails call somebody."""
    return user.email or "guest"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP != CLOSED)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """A name that nobody sees: people sign in by e-mail, which a name made of it would give away."""
        user.username = f"user-{uuid4().hex}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our name and never that of the `Host` which a request came with."""
        site = SimpleNamespace(name="Lamla", domain=urlsplit(settings.PUBLIC_URL).netloc)
        said = {"email": email, "current_site": site, "request": None, **context}
        self.render_mail(template_prefix, email, said).send()

    def send_account_already_exists_mail(self, email: str) -> None:
        """Told to the owner of an e-mail that somebody signs up with; it takes as long as making an account would."""
        make_password("of nobody")
        super().send_account_already_exists_mail(email)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Keep none: they are for pages that a server renders."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # ships no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An invitation is asked for in a form, which a first sign-in through somebody else's page has none of."""
        return bool(settings.SIGNUP == OPEN)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # ships no types
    """Keeps the secrets of second factors encrypted, so that a copy of the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    """Writes with SECRET_KEY, reads what SECRET_KEY_FALLBACKS have written as well."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(key))) for key in keys])


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"lamla.second-factors:" + secret.encode()).digest()
