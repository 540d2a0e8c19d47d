"""Nothing of who is deleted stays, in any table: of those that are here, and of any that comes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client

from apps.accounts.models import Invitation, User
from apps.accounts.services.identity import user_of
from apps.archive.services.deleting import account_delete, user_delete
from apps.archive.tests.building import Guest, a_conversation, a_document, a_feedback
from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.schemas import ChatRequest
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.frame_log import Piece, frames_insert
from apps.chat.services.leasing import lease_take
from apps.chat.services.starting import generation_start
from apps.chat.tests.threads import concurrently
from apps.core.access import Caller
from apps.core.errors import InvalidInput, Unauthorized
from apps.core.sse import frame
from apps.core.units_of_work import unit_of_work
from apps.sharing.models import Share
from apps.usage.models import DailyUsage, RateTurn, UsageEntry
from apps.usage.services.subjects import user_subject

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "host/m/1/t"
EMAIL = "ada@lovelace.example"
# Rows that stay, and say no more whose they were.
ANONYMOUS = {(Invitation, "used_by"), (UsageEntry, "user")}


def signed_in(user: User) -> Caller:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    key = str(session.session_key)
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="x")
    return Caller(session_key=key, request_id="r")


def fill(user: User) -> None:
    """Give the user one of everything that a user can have."""
    document = a_document(user, "diary.txt", "Dear diary")
    question, answer = a_conversation(user, documents=[document])
    a_feedback(answer)
    now = datetime.now(UTC)
    Share.objects.create(
        conversation=question.conversation, token=uuid4().hex, leaf=answer, title="x", messages=2, updated_at=now
    )
    ended = Generation.objects.create(
        conversation=question.conversation, user_message=question, answer_id=answer.pk, state=State.COMPLETE
    )
    frames_insert([Piece(ended.pk, 1, 1, [b"data: {}\n\n"])])
    subject, today = user_subject(user.pk), datetime.now(UTC).date()
    UsageEntry.objects.create(generation_id=ended.pk, user=user, subjects=[subject, "all"], day=today)
    DailyUsage.objects.create(subject=subject, day=today)
    RateTurn.objects.create(rate="chat", subject=subject, arrival_us=1)
    user.api_tokens.create(name="laptop", digest=uuid4().hex * 2, prefix="lamla_", scopes=["read"])
    Authenticator.objects.create(user=user, type="totp", data={"secret": "s"})
    SocialAccount.objects.create(user=user, provider="google", uid=uuid4().hex, extra_data={"email": user.email})
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Invitation.objects.create(digest=uuid4().hex * 2, expires_at=datetime.now(UTC) + timedelta(days=1), used_by=user)


@pytest.fixture
def ada() -> User:
    user = User.objects.create_user(username="user-1", email=EMAIL, password="long enough a password")
    fill(user)
    return user


def tables_with(user: User) -> set[str]:
    """Every table in which a row holds the user's id or e-mail, in any form; sessions as Django reads them."""
    marks = {str(user.pk), user.pk.hex, *([user.email] if user.email else [])}
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(mark in str(value) for row in cursor.fetchall() for value in row for mark in marks):
                found.add(table)
    if any(mark in str(session.get_decoded()) for session in Session.objects.all() for mark in marks):
        found.add("django_session")
    return found


async def test_nothing_of_a_user_stays(ada: User, guest: Guest) -> None:
    phone, laptop = await run(signed_in, ada), await run(signed_in, ada)
    await run(fill, guest.user)
    before = await run(tables_with, guest.user)
    assert {"accounts_user", "django_session", "chat_feedback", "usage_dailyusage"} <= await run(tables_with, ada)
    await account_delete(caller=laptop, confirm=EMAIL.upper())
    assert await run(tables_with, ada) == set()
    assert await run(lambda: user_of(caller=phone)) is None
    assert await run(tables_with, guest.user) == before  # another's is as it was
    assert await run(Generation.objects.count) == 1
    assert await run(lambda: UsageEntry.objects.get(user=None).subjects) == ["all"]


async def test_nothing_of_a_guest_stays(guest: Guest) -> None:
    await run(fill, guest.user)
    await account_delete(caller=guest.caller, confirm="delete")
    assert await run(tables_with, guest.user) == set()
    with pytest.raises(Unauthorized):
        await account_delete(caller=guest.caller, confirm="delete")


@pytest.mark.parametrize("confirm", ["", "delete", "ada@lovelace.example.org"])
async def test_what_is_not_confirmed_stays(ada: User, confirm: str) -> None:
    caller = await run(signed_in, ada)
    with pytest.raises(InvalidInput) as refused:
        await account_delete(caller=caller, confirm=confirm)
    assert refused.value.code == "not_confirmed"
    assert await run(lambda: user_of(caller=caller)) == ada


def test_in_the_admin_a_user_is_deleted_as_by_themself(ada: User, client: Client) -> None:
    signed_in(ada)
    second = User.objects.create_user(username="user-2", email="second@example.org")
    client.force_login(User.objects.create_superuser(username="root", email="root@example.org"))
    page = client.post(f"/admin/accounts/user/{ada.pk}/delete/", {"post": "yes"})
    assert page.status_code == 302
    assert tables_with(ada) <= {"django_admin_log"}  # who deleted whom
    chosen = {"action": "delete_selected", "_selected_action": [str(second.pk)], "post": "yes"}
    assert client.post("/admin/accounts/user/", chosen).status_code == 302
    assert not User.objects.filter(pk=second.pk).exists()


@pytest.mark.parametrize("round_", range(3))
def test_answers_that_end_at_that_moment_leave_nothing(guest: Guest, round_: int) -> None:
    lease_take(owner=OWNER)
    body = [ChatRequest.model_validate({"message": f"{number}?"}) for number in range(4)]
    runs = [generation_start(caller=guest.caller, body=each, owner=OWNER) for each in body]
    said = [frame("text-start", id="answer"), frame("text-delta", id="answer", delta="An answer.")]
    ends = [
        partial(generation_finish, RunKey(run.generation_id, 1, OWNER), outcome=Outcome(State.COMPLETE), frames=said)
        for run in runs
    ]
    delete = partial(user_delete, user_id=guest.user.pk)
    calls: list[Callable[[], object]] = [*ends[:round_], delete, *ends[round_:]]
    concurrently(lambda number: calls[number](), range(len(calls)))
    assert not User.objects.exists()
    assert not Message.objects.exists()


def test_a_user_who_is_gone_is_not_deleted_again(ada: User) -> None:
    assert user_delete(user_id=ada.pk)
    assert not user_delete(user_id=ada.pk)


def references() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column of every model that leads to a user by a key; Any: a field."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is User:
                yield model, field


def test_every_row_that_refers_to_a_user_goes_with_it() -> None:
    found = list(references())
    assert {Conversation, UserSession} <= {model for model, _ in found}
    for model, field in found:
        kept = (model, field.name) in ANONYMOUS
        wanted = models.SET_NULL if kept else models.CASCADE
        assert field.remote_field.on_delete is wanted, f"{model.__name__}.{field.name} outlives its user"


def test_no_table_names_a_user_beside_the_keys() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            names_a_user = field.attname in {"user_id", "owner_id", "guest_id"}
            assert field.is_relation or not names_a_user, f"{model.__name__}.{field.name} is no key: who deletes it?"


async def run(function: Any, *args: Any) -> Any:
    """In a thread of its own, as everything that touches the database. Any: of whatever function."""
    return await unit_of_work(function, *args)
