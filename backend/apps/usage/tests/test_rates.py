"""Turns per minute: a minute's worth at once, then an even pace; by user and by address, whoever asks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import QuotaExceeded
from apps.usage.models import RateTurn
from apps.usage.services.ledger import usage_sweep
from apps.usage.services.rates import Rate, turn_take
from apps.usage.services.subjects import address_subject

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def limits(settings: LazySettings) -> None:
    settings.RATE_LIMITS = True
    settings.RATES_PER_MINUTE = {
        "chat": {"user": 6, "guest": 3, "address": 10},
        "write": {"user": 6, "guest": 3, "address": 10},
        "login": {"address": 2},
    }


def take(user: User | None, *, address: str = HERE, after_s: float = 0, rate: Rate = Rate.CHAT) -> int | None:
    """None, or the seconds to wait."""
    try:
        with transaction.atomic():
            turn_take(rate, user=user, address=address, now=NOON + timedelta(seconds=after_s))
    except QuotaExceeded as refused:
        return refused.retry_after_s
    return None


def test_a_minutes_turns_may_come_at_once_and_the_next_when_it_is_due(make_user: MakeUser) -> None:
    user = make_user()
    assert [take(user) for _ in range(6)] == [None] * 6
    assert take(user) == 10
    assert take(user, after_s=8.5) == 2
    assert take(user, after_s=10) is None
    assert take(user, after_s=10) == 10


def test_who_comes_back_when_told_has_a_turn(make_user: MakeUser) -> None:
    user, at = make_user(), 0.0
    for _ in range(30):
        wait_s = take(user, after_s=at)
        if wait_s:
            at += wait_s
            assert take(user, after_s=at) is None
        at += 0.7


def test_who_is_refused_has_taken_nothing(make_user: MakeUser) -> None:
    one, other = make_user(), make_user()
    for _ in range(20):
        take(one)
    assert [take(other) for _ in range(4)] == [None] * 4
    assert take(other) == 6  # the address has had its ten


def test_each_kind_has_its_own_turns(make_user: MakeUser) -> None:
    user = make_user(is_guest=True)
    assert [take(user) for _ in range(4)] == [None, None, None, 20]
    assert take(user, rate=Rate.WRITE) is None


def test_an_address_has_its_turns_whoever_asks(make_user: MakeUser) -> None:
    assert [take(make_user()) for _ in range(11)][-2:] == [None, 6]
    assert take(make_user(), address=THERE) is None
    assert take(None) == 6


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="one half of IPv6"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="another half of IPv6"),
        pytest.param("192.0.2.1", "::ffff:192.0.2.1", True, id="IPv4 written as IPv6"),
        pytest.param("192.0.2.1", "192.0.2.2", False, id="neighbours of IPv4"),
        pytest.param("", "a Unix socket", True, id="none that is known"),
    ],
)
def test_an_address_is_a_household(one: str, other: str, same: bool) -> None:
    assert (address_subject(one) == address_subject(other)) is same


def test_no_address_is_stored_and_none_for_longer_than_a_day(make_user: MakeUser) -> None:
    take(make_user())
    assert not RateTurn.objects.filter(subject__contains=HERE).exists()
    usage_sweep(now=NOON + timedelta(hours=24))
    assert RateTurn.objects.count() == 2
    usage_sweep(now=NOON + timedelta(hours=25))
    assert not RateTurn.objects.exists()


def test_limits_can_be_turned_off(make_user: MakeUser, settings: LazySettings) -> None:
    settings.RATE_LIMITS = False
    user = make_user()
    assert {take(user) for _ in range(50)} == {None}
    assert not RateTurn.objects.exists()
