"""What an archive tells of the account itself. It is not read back: nobody becomes somebody by a file."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from apps.accounts.models import User

TOKEN_FIELDS = ("name", "scopes", "prefix", "created_at", "expires_at", "last_used_at")


def account_export(
    *, user_id: UUID, exported: Collection[UUID]
) -> Iterator[tuple[UUID | None, Iterator[tuple[str, Any]]]]:
    """One record; no password, no secret and no digest of one. Any: JSON."""
    user = User.objects.filter(pk=user_id).first()
    if user:
        yield None, _members(user)


def _members(user: User) -> Iterator[tuple[str, Any]]:
    for name in ("id", "is_guest", "date_joined", "last_login", "last_seen_on"):
        yield name, getattr(user, name)
    yield "email", user.email or None
    yield "emails", list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary"))
    yield "tokens", list(user.api_tokens.order_by("created_at").values(*TOKEN_FIELDS))
    yield "second_factors", list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at"))
    yield "sign_in", list(SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined"))
