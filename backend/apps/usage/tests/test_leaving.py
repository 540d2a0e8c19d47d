"""Accounts that are deleted and made again, and a database that is away."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.archive.services.deleting import user_delete
from apps.usage import middleware
from apps.usage.models import DailyUsage
from apps.usage.services.ledger import usage_sweep
from apps.usage.services.subjects import user_subject
from apps.usage.signals import go_on_with_what_was_used


def spend(user: User, tokens: int) -> None:
    DailyUsage.objects.create(subject=user_subject(user.pk), day=timezone.now().date(), spent_tokens=tokens)


def spent(user: User) -> int:
    return sum(DailyUsage.objects.filter(subject=user_subject(user.pk)).values_list("spent_tokens", flat=True))


@pytest.mark.django_db(transaction=True)
class TestWhoComesBack:
    def test_goes_on_with_what_was_used_that_day(self) -> None:
        first = User.objects.create(username="first", email="Ada@example.org")
        spend(first, 900)
        user_delete(user_id=first.pk)
        again = User.objects.create(username="again", email="ada@example.org")
        spend(again, 50)
        go_on_with_what_was_used(User, again)
        assert spent(again) == 950
        assert DailyUsage.objects.count() == 1

    def test_leaves_nothing_after_that_day(self) -> None:
        user = User.objects.create(username="ada", email="ada@example.org")
        spend(user, 900)
        user_delete(user_id=user.pk)
        assert DailyUsage.objects.count() == 1
        usage_sweep(now=timezone.now() + timedelta(days=1))
        assert DailyUsage.objects.count() == 0


async def test_a_turn_that_cannot_be_counted_is_no_fault_of_ours_and_comes_again(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.RATE_LIMITS = True

    async def away(*_: object, **__: object) -> None:
        raise OperationalError("the database system is starting up")

    async def answer(_: HttpRequest) -> HttpResponse:
        raise AssertionError("the request went on")

    monkeypatch.setattr(middleware, "unit_of_work", away)
    refused = await middleware.RateLimits(answer)(RequestFactory().patch("/api/conversations/1/"))
    assert isinstance(refused, HttpResponse)
    assert (refused.status_code, json.loads(refused.content)["code"]) == (503, "database_unavailable")
    assert refused["Retry-After"]
