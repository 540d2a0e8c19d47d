"""Accounts that are deleted and made again: no quota is renewed by it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.archive.services.deleting import user_delete
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
