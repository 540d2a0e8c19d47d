"""From a session to its user."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.services.identity import GUEST_KEY, identity_ensure, session_ensure, user_of
from apps.core.access import Caller

pytestmark = pytest.mark.django_db


def caller(session_key: str | None) -> Caller:
    return Caller(session_key=session_key, request_id="r")


def signed_in() -> tuple[User, str]:
    """A user, and the key of a session as Django leaves it after a login."""
    user = User(username="ada", email="ada@example.org")
    user.set_password("correct horse battery staple")
    user.save()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return user, str(session.session_key)


def test_a_sign_in_that_no_longer_counts_is_no_place_for_a_guest() -> None:
    user, key = signed_in()
    user.set_password("another horse entirely")
    user.save()
    assert user_of(caller=caller(key)) is None
    identity = identity_ensure(caller=caller(key))
    assert identity.user.is_guest
    assert identity.session_key != key  # Django empties that one when it meets it
    assert GUEST_KEY not in SessionStore(key)


def test_a_changed_secret_key_signs_nobody_out_while_the_former_one_is_known(settings: Settings) -> None:
    user, key = signed_in()
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert user_of(caller=caller(key)) is None
    settings.SECRET_KEY_FALLBACKS = [former]
    assert user_of(caller=caller(key)) == user


def test_an_expired_session_is_replaced_and_its_guest_is_one() -> None:
    first = identity_ensure(caller=caller(None))
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    second = identity_ensure(caller=caller(first.session_key))
    assert second.session_key != first.session_key
    assert identity_ensure(caller=caller(second.session_key)).user == second.user
    assert User.objects.filter(is_guest=True).count() == 2


def test_whoever_only_reads_is_seen_too_and_the_session_lives_on() -> None:
    guest = identity_ensure(caller=caller(None))
    long_ago = datetime.now(UTC) - timedelta(days=80)
    User.objects.update(last_seen_on=long_ago.date())
    Session.objects.update(expire_date=datetime.now(UTC) + timedelta(days=1))
    assert session_ensure(caller=caller(guest.session_key)) == (guest.session_key, guest.user)
    assert User.objects.get().last_seen_on == datetime.now(UTC).date()
    assert Session.objects.get().expire_date > datetime.now(UTC) + timedelta(days=300)
