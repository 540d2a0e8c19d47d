"""Quotas and limits when many ask at once, on either database: no more than there is, and nothing left behind."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.conf import LazySettings

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.chat.models import Generation, Message, State
from apps.chat.services.starting import Started
from apps.chat.tests.metered import FREE, HERE, PAID, code_of, day_of, finish, start, stranger
from apps.chat.tests.threads import concurrently
from apps.core.access import Caller
from apps.usage.models import DailyUsage, EntryState, UsageEntry
from apps.usage.selectors import usage_get
from apps.usage.services.subjects import address_subject, user_subject
from apps.usage.services.tariffs import Tariff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def limits(settings: LazySettings) -> None:
    settings.QUOTA_USER_TOKENS_PER_DAY = settings.QUOTA_GUEST_TOKENS_PER_DAY = 5_000
    settings.CHAT_ANSWER_MAX_TOKENS = 900


def test_guests_of_one_address_cannot_pass_its_quota_together() -> None:
    began: list[Started] = []

    def ask(_: int) -> None:
        if code_of(lambda: began.append(start(stranger()))) not in ("", "quota_exceeded"):
            raise AssertionError("refused for another reason")

    concurrently(ask, range(30))
    reserved, spent = day_of(address_subject(HERE))
    assert 0 < reserved <= 5_000
    assert spent == 0
    assert len(began) == UsageEntry.objects.count() == 5

    concurrently(lambda started: finish(started, input_tokens=50, output_tokens=20), began)
    assert day_of(address_subject(HERE)) == (0, 350)
    assert set(DailyUsage.objects.values_list("reserved_tokens", flat=True)) == {0}
    assert start(stranger("192.0.2.2")).granted_tokens == 900


def test_ends_and_beginnings_at_once_leave_no_reservation(settings: LazySettings) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 20_000

    def ask(number: int) -> None:
        started = start(stranger())
        finish(started, state=State.STOPPED if number % 2 else State.COMPLETE)

    concurrently(ask, range(40))
    assert day_of(address_subject(HERE)) == (0, 40 * 110)
    assert not UsageEntry.objects.filter(state=EntryState.RESERVED).exists()


@pytest.mark.parametrize("tariff", [FREE, PAID], ids=["free", "paid"])
def test_a_user_has_a_few_answers_at_once(caller: Caller, settings: LazySettings, tariff: Tariff) -> None:
    settings.RATE_LIMITS, settings.STREAMS_PER_USER_MAX = True, 3
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    codes = concurrently(lambda _: code_of(lambda: start(caller, tariff=tariff)), range(9))
    assert sorted(codes) == [""] * 3 + ["too_many_streams"] * 6
    assert Message.objects.count() == 3
    assert usage_get(caller=caller, now=datetime.now(UTC)).streams.running == 3
    Generation.objects.filter(pk=Generation.objects.values("pk")[:1]).update(state=State.COMPLETE)
    assert code_of(lambda: start(caller, tariff=tariff)) == ""


def test_the_turns_of_a_minute_are_taken_by_all_who_ask_at_once(caller: Caller, settings: LazySettings) -> None:
    settings.RATE_LIMITS, settings.STREAMS_PER_USER_MAX = True, 100
    settings.RATES_PER_MINUTE = {"chat": {"user": 5, "guest": 5, "address": 8}}
    codes = concurrently(lambda _: code_of(lambda: start(caller, tariff=FREE)), range(12))
    assert sorted(codes) == [""] * 5 + ["rate_limited"] * 7
    codes = concurrently(lambda _: code_of(lambda: start(stranger(""), tariff=FREE)), range(6))
    assert sorted(codes) == [""] * 3 + ["rate_limited"] * 3  # the same address as the first one's
    assert Message.objects.count() == 8


@pytest.mark.parametrize("first", ["the end", "the sign-in"])
def test_answers_that_end_while_their_guests_sign_in_are_settled_at_the_user(
    settings: LazySettings, first: str
) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    user = User.objects.create(username="ada", email="ada@example.org")
    runs = [start(stranger()) for _ in range(4)]
    ends = [partial(finish, started, input_tokens=50, output_tokens=20) for started in runs]
    sign_ins = [partial(guest_absorb, guest_id=started.user_id, user=user) for started in runs]
    both = zip(ends, sign_ins, strict=True) if first == "the end" else zip(sign_ins, ends, strict=True)
    concurrently(lambda call: call(), [call for pair in both for call in pair])
    assert day_of(user_subject(user.pk)) == day_of(address_subject(HERE)) == (0, 4 * 70)
    assert DailyUsage.objects.count() == 2
    assert set(UsageEntry.objects.values_list("user", "state")) == {(user.pk, EntryState.SETTLED)}
