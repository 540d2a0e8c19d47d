"""From a session to its user. Synchronous: called inside units of work."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.core.access import Caller

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Identity:
    """The user behind a request; `session_key` is what the browser's cookie should hold."""

    user: User
    session_key: str


def user_of(*, caller: Caller) -> User | None:
    """The user that the caller's session belongs to, if there is one."""
    return _session_user(SessionStore(caller.session_key)) if caller.session_key else None


def session_ensure(*, caller: Caller) -> tuple[str, User | None]:
    """The caller's session key, of a new and empty session when it has none that is alive, and its user."""
    session = SessionStore(caller.session_key)
    if caller.session_key and session.exists(caller.session_key):
        return caller.session_key, _session_user(session)
    session = SessionStore()
    session.create()
    return str(session.session_key), None


def identity_ensure(*, caller: Caller) -> Identity:
    """The caller's user; a guest is made for a caller that has none. Write under a transaction."""
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
    # Unusable by construction: a guest has no password and signs in by its session alone.
    user = User.objects.create(username=f"guest-{uuid4().hex}", is_guest=True, password=make_password(None))
    session = SessionStore(session_key)
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return user


def _session_user(session: SessionStore) -> User | None:
    user_id = session.get(SESSION_KEY)
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return user
    return None
