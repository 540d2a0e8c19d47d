"""Invitations: what SIGNUP=invite asks for. Synchronous: called inside units of work and by commands."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from apps.accounts.models import Invitation, User


def invitation_create(*, note: str = "", valid_days: int = 14) -> str:
    """Make one and return its code, which is shown this once."""
    code = secrets.token_urlsafe(12)
    expires_at = datetime.now(UTC) + timedelta(days=valid_days)
    Invitation.objects.create(digest=_digest(code), note=note, expires_at=expires_at)
    return code


def invitation_is_good(code: str) -> bool:
    return _unused(code).exists()


def invitation_use(code: str, *, user: User) -> None:
    """Mark it as used by `user`. Raises: PermissionDenied when another sign-up came first."""
    if not _unused(code).update(used_by=user, used_at=datetime.now(UTC)):
        raise PermissionDenied("the invitation has been used")


def _unused(code: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(digest=_digest(code), used_at=None, expires_at__gt=datetime.now(UTC))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
