"""From a request to its user. Synchronous: called inside units of work."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.accounts.services.tokens import token_user
from apps.core.access import Caller
from apps.core.errors import Unauthorized

# In a guest's session, in the place of Django's own keys: to Django and allauth a guest is nobody yet.
GUEST_KEY = "lamla_guest"


@dataclass(frozen=True)
class Identity:
    """The user behind a request; `session_key` is what the browser's cookie should hold, empty for a token."""

    user: User
    session_key: str


def user_of(*, caller: Caller) -> User | None:
    """The user that the caller's token or session belongs to, if there is one. Raises: Unauthorized, Forbidden."""
    if caller.token:
        return token_user(caller)
    return _session_user(SessionStore(caller.session_key)) if caller.session_key else None


def user_signed_in(*, caller: Caller) -> User:
    """Its user, who is no guest. Raises: Unauthorized, Forbidden."""
    user = user_of(caller=caller)
    if user is None or user.is_guest:
        raise Unauthorized("Sign in to do this.", code="not_signed_in")
    return user


def session_ensure(*, caller: Caller) -> tuple[str, User | None]:
    """The caller's session key, of a new and empty session when it has none that is alive, and its user.

    A caller with a token needs no session: its key is empty. Raises: Unauthorized, Forbidden.
    """
    if caller.token:
        return "", token_user(caller)
    session = SessionStore(caller.session_key)
    is_signed_in = SESSION_KEY in session  # loads it, and forgets the key of one that is no more or has expired
    if caller.session_key and session.session_key:
        user = _session_user(session)
        if user:
            _note_seen(user, session_key=caller.session_key)
        # Where a sign-in no longer counts, as after a new password, Django empties the session: nothing goes in there.
        if user or not is_signed_in:
            return caller.session_key, user
    session = SessionStore()
    session.create()
    return str(session.session_key), None


def identity_ensure(*, caller: Caller) -> Identity:
    """The caller's user; a guest is made for a caller that has none. Write under a transaction.

    Raises: Unauthorized, Forbidden.
    """
    session_key, user = session_ensure(caller=caller)
    if user is None:
        # One after the other: of a session's first requests, all but one find the guest that the one has made.
        Session.objects.select_for_update().filter(session_key=session_key).first()
        user = _session_user(SessionStore(session_key)) or _guest_create(session_key)
    return Identity(user=user, session_key=session_key)


def user_lock(user_id: UUID) -> None:
    """Have other transactions that lock this user wait for the end of ours; rows that refer to it are not held up."""
    User.objects.select_for_update(no_key=True).filter(pk=user_id).first()


def _guest_create(session_key: str) -> User:
    # Unusable by construction: a guest has no password and is known by its session alone.
    user = User.objects.create(
        username=f"guest-{uuid4().hex}", is_guest=True, password=make_password(None), last_seen_on=_today()
    )
    session = SessionStore(session_key)
    session[GUEST_KEY] = str(user.pk)
    session.save()
    return user


def _note_seen(user: User, *, session_key: str) -> None:
    """Once a day: guests who stay away are deleted some day, and sessions end that are not used."""
    today = _today()
    if user.last_seen_on != today:
        user.last_seen_on = today
        User.objects.filter(pk=user.pk).update(last_seen_on=today)
        expires_at = datetime.now(UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        Session.objects.filter(session_key=session_key).update(expire_date=expires_at)


def _today() -> date:
    return datetime.now(UTC).date()


def _session_user(session: SessionStore) -> User | None:
    if guest_id := session.get(GUEST_KEY):
        return User.objects.filter(pk=guest_id, is_active=True, is_guest=True).first()
    user_id = session.get(SESSION_KEY)
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    return user if user and _still_counts(user, session.get(HASH_SESSION_KEY, "")) else None


def _still_counts(user: User, kept: str) -> bool:
    """Whether a sign-in was made with the user's present password, by a SECRET_KEY that is still known."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(kept, each) for each in hashes)
