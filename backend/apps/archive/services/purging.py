"""What is deleted when its time has come: one generator per kind, whose every step is one short transaction.

Each deletes by what holds at that moment, so that it may run twice at once, or be cut off anywhere.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import ApiToken, Invitation, User
from apps.accounts.services.identity import GUEST_KEY
from apps.archive.services.deleting import user_delete
from apps.chat.services.frame_log import frames_sweep
from apps.chat.services.removing import conversations_remove
from apps.documents.services.deleting import removed_files_delete_now

AT_ONCE = 200  # rows


def purge_steps() -> Iterator[tuple[str, int]]:
    """Of what, and how many were deleted by each step; ends when there is nothing left. Each step is a unit of work."""
    for kind, purge in KINDS.items():
        for deleted in purge():
            yield kind, deleted


def _guests() -> Iterator[int]:
    """Guests who were not seen for so long; one by one, since each may own much."""
    now = datetime.now(UTC)
    keep = timedelta(days=settings.GUEST_KEEP_DAYS)
    unseen = User.objects.filter(
        Q(last_seen_on__lt=(now - keep).date()) | Q(last_seen_on=None, date_joined__lt=now - keep), is_guest=True
    )
    while (pk := unseen.values_list("pk", flat=True).first()) is not None:
        yield int(user_delete(user_id=pk, among=unseen))


def _sessions() -> Iterator[int]:
    """Those that have ended; and those that nobody has written to for so long and that open no account."""
    now = datetime.now(UTC)
    yield from _all_of(Session.objects.filter(expire_date__lt=now))
    # A session ends SESSION_COOKIE_AGE after it was last written to.
    idle = now + timedelta(seconds=settings.SESSION_COOKIE_AGE) - timedelta(days=settings.GUEST_KEEP_DAYS)
    last = ""
    while page := list(Session.objects.filter(expire_date__lt=idle, pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = page[-1].pk
        owners = {session.pk: _owner_of(session) for session in page}
        alive = set(User.objects.filter(pk__in=filter(None, owners.values())).values_list("pk", flat=True))
        over = [pk for pk, owner in owners.items() if owner not in alive]
        deleted, _ = Session.objects.filter(pk__in=over, expire_date__lt=idle).delete()
        yield deleted


def _owner_of(session: Session) -> UUID | None:
    data = session.get_decoded()
    named = data.get(GUEST_KEY) or data.get(SESSION_KEY)
    return UUID(named) if named else None


def _session_notes() -> Iterator[int]:
    """What is remembered of sessions (from where, by which browser) that are no more."""
    session = Session.objects.filter(pk=OuterRef("session_key"))
    yield from _all_of(UserSession.objects.filter(~Exists(session)))


def _tokens() -> Iterator[int]:
    yield from _all_of(ApiToken.objects.filter(expires_at__lt=_expired_before()))


def _invitations() -> Iterator[int]:
    yield from _all_of(Invitation.objects.filter(expires_at__lt=_expired_before()))


def _expired_before() -> datetime:
    """For some time an expired thing still says that it has expired."""
    return datetime.now(UTC) - timedelta(days=settings.EXPIRED_KEEP_DAYS)


def _frames() -> Iterator[int]:
    """The log of answers that have ended or were deleted; the gateway's pulse does the same, more often."""
    yield frames_sweep()


def _files() -> Iterator[int]:
    """Bytes of documents that are deleted, such as those of the guests above."""
    yield removed_files_delete_now()


def _all_of(rows: "QuerySet[Any]") -> Iterator[int]:
    """Delete them in batches. Any: rows of any model."""
    while ids := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=ids).delete()
        yield len(ids)


# Guests before sessions: a session whose guest is gone opens nothing.
KINDS: dict[str, Callable[[], Iterator[int]]] = {
    "guests": _guests,
    "sessions": _sessions,
    "session notes": _session_notes,
    "tokens": _tokens,
    "invitations": _invitations,
    "messages of deleted conversations": conversations_remove,
    "logs of answers": _frames,
    "files": _files,
}
