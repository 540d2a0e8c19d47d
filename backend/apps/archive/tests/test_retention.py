"""What has had its time goes by itself, and nothing else."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command

from apps.accounts.models import ApiToken, Invitation, User
from apps.archive.models import Chore
from apps.archive.services.chores import chore_claim
from apps.archive.services.purging import purge_steps
from apps.archive.services.retention import Retention, purge_when_due
from apps.archive.tests.building import Guest, a_conversation, a_document, a_guest
from apps.chat.models import Message
from apps.chat.tests.threads import concurrently
from apps.core.pauses import pause_at_most
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
HOUR_S = 3600.0


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def seen(guest: Guest, *, days: float) -> None:
    User.objects.filter(pk=guest.user.pk).update(last_seen_on=days_ago(days).date())
    written(guest.caller.session_key or "", days=days)


def written(session_key: str, *, days: float) -> None:
    """As if the session was last written to so long ago."""
    Session.objects.filter(pk=session_key).update(expire_date=days_ago(days) + timedelta(days=365))


def an_empty_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)


def purge() -> dict[str, int]:
    deleted: dict[str, int] = {}
    for kind, count in purge_steps():
        deleted[kind] = deleted.get(kind, 0) + count
    return {kind: count for kind, count in deleted.items() if count}


def test_guests_who_stay_away_go_with_all_they_own(guest: Guest, other: Guest) -> None:
    for each in (guest, other):
        a_conversation(each.user, documents=[a_document(each.user, "a.txt", "One")])
    seen(guest, days=91)
    seen(other, days=89)
    assert purge() == {"guests": 1, "sessions": 1}
    assert User.objects.get() == other.user
    assert set(Message.objects.values_list("user", flat=True)) == {other.user.pk}
    assert Document.objects.get().user == other.user
    assert Session.objects.get().pk == other.caller.session_key


def test_a_guest_of_before_days_were_noted_goes_by_the_day_it_was_made(guest: Guest) -> None:
    User.objects.update(last_seen_on=None)
    assert purge() == {}
    User.objects.update(date_joined=days_ago(91))
    written(guest.caller.session_key or "", days=91)
    assert purge() == {"guests": 1, "sessions": 1}


def test_users_are_no_guests_however_long_they_stay_away() -> None:
    User.objects.create(username="ada", last_seen_on=days_ago(4000).date(), date_joined=days_ago(4000))
    assert purge() == {}


def test_sessions_go_when_they_have_ended_or_open_nothing(guest: Guest) -> None:
    ended, idle, fresh = an_empty_session(), an_empty_session(), an_empty_session()
    Session.objects.filter(pk=ended).update(expire_date=days_ago(0.01))
    written(idle, days=91)
    written(guest.caller.session_key or "", days=200)  # its guest was here today
    UserSession.objects.create(user=guest.user, session_key=ended, ip="127.0.0.1", user_agent="x")
    assert purge() == {"sessions": 2, "session notes": 1}
    assert set(Session.objects.values_list("pk", flat=True)) == {fresh, guest.caller.session_key}


def test_what_expired_long_ago_goes() -> None:
    user = User.objects.create(username="ada")
    for number, days in enumerate((31, 29, -1)):
        digest = str(number) * 64
        ApiToken.objects.create(user=user, name="t", digest=digest, prefix="l", expires_at=days_ago(days))
        Invitation.objects.create(digest=digest, expires_at=days_ago(days))
    ApiToken.objects.create(user=user, name="for ever", digest="x" * 64, prefix="l")
    assert purge() == {"tokens": 1, "invitations": 1}
    assert ApiToken.objects.count() == 3


def test_many_go_in_small_steps() -> None:
    Session.objects.bulk_create(
        Session(session_key=f"s{number}", session_data="", expire_date=days_ago(1)) for number in range(450)
    )
    assert [count for kind, count in purge_steps() if kind == "sessions"] == [200, 200, 50]


def test_the_command_does_it_at_once(guest: Guest, capsys: pytest.CaptureFixture[str]) -> None:
    seen(guest, days=91)
    call_command("purge")
    assert "1 guests" in capsys.readouterr().out
    call_command("purge")
    assert "Purged: nothing." in capsys.readouterr().out


def test_of_many_processes_one_does_it_each_hour() -> None:
    def claim(_: int) -> bool:
        return chore_claim(name="purge", every_s=HOUR_S)

    assert sum(concurrently(claim, range(16))) == 1
    assert sum(concurrently(claim, range(16))) == 0
    Chore.objects.update(due_at=days_ago(0.001))
    assert sum(concurrently(claim, range(16))) == 1


async def test_a_process_purges_when_it_is_due(guest: Guest) -> None:
    await unit_of_work(seen, guest, days=91)
    assert (await purge_when_due()) == {"guests": 1, "sessions": 1, "logs of answers": 0, "files": 0}
    assert await purge_when_due() is None


async def test_it_runs_by_itself_until_it_is_drained(settings: LazySettings) -> None:
    settings.PURGE_INTERVAL_SECONDS = 0.02
    retention = Retention()
    retention.start()
    for _ in range(2):  # more than once
        late = await unit_of_work(a_guest)
        await unit_of_work(seen, late, days=91)
        async with asyncio.timeout(20):
            while await unit_of_work(User.objects.filter(pk=late.user.pk).exists):
                await pause_at_most(0.01)
    await retention.drain()
