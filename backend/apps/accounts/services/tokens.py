"""API tokens: how a program signs in for its owner. Synchronous: called inside units of work."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from apps.accounts.models import ApiToken, User
from apps.core.access import Caller, Scope
from apps.core.errors import Conflict, Forbidden, NotFound, Unauthorized

PREFIX = "lamla_"
SHOWN_CHARS = len(PREFIX) + 4  # of the token, by which its owner tells it from others
PER_USER_MAX = 50
USE_NOTED_SECONDS = 60  # apart, so that a busy program does not write a row for each request


def token_create(
    *, user: User, name: str, scopes: Sequence[Scope], expires_in_days: int | None
) -> tuple[ApiToken, str]:
    """Make one; return it with its text, which is kept nowhere. Raises: Conflict when there are too many."""
    if user.api_tokens.count() >= PER_USER_MAX:
        raise Conflict(
            f"There are {PER_USER_MAX} tokens already. Revoke one that is not needed.", code="too_many_tokens"
        )
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=_digest(text),
        prefix=text[:SHOWN_CHARS],
        scopes=[scope.value for scope in scopes],
        expires_at=datetime.now(UTC) + timedelta(days=expires_in_days) if expires_in_days else None,
    )
    return token, text


def token_list(*, user: User) -> list[ApiToken]:
    """The user's tokens, newest first."""
    return list(user.api_tokens.order_by("-created_at"))


def token_revoke(*, user: User, token_id: UUID) -> None:
    """From this moment on it opens nothing. Raises: NotFound."""
    deleted, _ = user.api_tokens.filter(pk=token_id).delete()
    if not deleted:
        raise NotFound("There is no such token.")


def token_user(caller: Caller) -> User:
    """The owner of the caller's token. Raises: Unauthorized, Forbidden when it may not do what is asked."""
    now = datetime.now(UTC)
    alive = ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), user__is_active=True)
    token = alive.select_related("user").filter(digest=_digest(caller.token)).first()
    if token is None:
        raise Unauthorized("This token is unknown, has expired or was revoked.", code="invalid_token")
    if caller.scope not in token.scopes:
        raise Forbidden(_not_allowed(caller.scope), code="insufficient_scope")
    stale = now - timedelta(seconds=USE_NOTED_SECONDS)
    if token.last_used_at is None or token.last_used_at < stale:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


def _not_allowed(scope: Scope) -> str:
    if scope is Scope.SESSION:
        return "This can only be done in the browser, signed in: a token may not."
    return f"This token may not do that; it lacks the scope “{scope.value}”."


def _digest(text: str) -> str:
    # No salt and no slow hash: the text has 256 random bits, which nobody can guess from a digest.
    return hashlib.sha256(text.encode()).hexdigest()
