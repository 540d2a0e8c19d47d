"""Reserve, then settle: whatever happens in between, no limit is passed and nothing is lost."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.core.errors import QuotaExceeded
from apps.usage.models import DailyUsage, EntryState, Kind, UsageEntry
from apps.usage.services.absorbing import usage_absorb
from apps.usage.services.ledger import reservations_lost, usage_book, usage_settle, usage_settle_lost
from apps.usage.services.quotas import Wanted, usage_reserve
from apps.usage.services.subjects import EVERYBODY, address_subject, user_subject
from apps.usage.services.tariffs import Price, Used, price_of, tariff_of

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HALL = address_subject("192.0.2.1")
FREE = Price()
PRICE = Price(Decimal("2.5"), Decimal(10))


@pytest.fixture(autouse=True)
def limits(settings: LazySettings) -> None:
    settings.QUOTA_USER_TOKENS_PER_DAY, settings.QUOTA_GUEST_TOKENS_PER_DAY = 5_000, 2_000
    settings.QUOTA_GUESTS_PER_ADDRESS, settings.BUDGET_PER_DAY_MICROS, settings.PRICES = 1, 0, {}


def reserve(
    user: User, *, reads: int = 100, writes: int = 500, address: str = "", price: Price = FREE, now: datetime = NOON
) -> tuple[UUID, int]:
    """The entry's key, and the tokens that the answer may have."""
    key = uuid4()
    with transaction.atomic():
        granted = usage_reserve(
            user, key=key, kind=Kind.ANSWER, address=address, wanted=Wanted(reads, writes), price=price, now=now
        )
    return key, granted


def settle(key: UUID, *used: Used, now: datetime = NOON) -> None:
    with transaction.atomic():
        assert usage_settle(key, used=used, now=now)


def refusal(user: User, **fields: object) -> QuotaExceeded:
    with pytest.raises(QuotaExceeded) as refused:
        reserve(user, **fields)  # type: ignore[arg-type]  # passed through
    return refused.value


def day_of(subject: str, *, now: datetime = NOON) -> tuple[int, int]:
    """Tokens that are reserved, and spent."""
    row = DailyUsage.objects.get(subject=subject, day=now.date())
    return row.reserved_tokens, row.spent_tokens


def paid(reads: int, writes: int) -> Used:
    return Used("deepseek", "chat", reads, writes)


def test_an_answer_may_have_what_is_left_and_the_next_none(make_user: MakeUser) -> None:
    user = make_user()
    assert [reserve(user, reads=100, writes=1_000)[1] for _ in range(4)] == [1_000] * 4
    assert reserve(user, reads=100, writes=1_000)[1] == 500
    refused = refusal(user, reads=100)
    assert (refused.code, refused.retry_after_s) == ("quota_exceeded", 12 * 3600)
    assert refused.details == {"resets_at": "2026-05-02T00:00:00Z"}
    assert day_of(user_subject(user.pk)) == (5_000, 0)
    assert UsageEntry.objects.count() == 5


def test_too_little_to_be_of_use_is_not_granted(make_user: MakeUser) -> None:
    user = make_user()
    reserve(user, reads=100, writes=4_700)
    assert refusal(user, reads=1).code == "quota_exceeded"
    assert reserve(user, reads=1, writes=40)[1] == 40


def test_what_was_not_used_is_given_back(make_user: MakeUser) -> None:
    user = make_user()
    key, _ = reserve(user)
    settle(key, paid(80, 20), paid(80, 50))
    assert day_of(user_subject(user.pk)) == (0, 230)
    entry = UsageEntry.objects.get()
    assert (entry.input_tokens, entry.output_tokens, entry.provider, entry.state) == (160, 70, "deepseek", "settled")
    with transaction.atomic():
        assert not usage_settle(key, used=[paid(1, 1)], now=NOON)


def test_the_local_model_is_free(make_user: MakeUser) -> None:
    user = make_user()
    key, _ = reserve(user)
    settle(key, Used("local", "small", 80, 300))
    assert day_of(user_subject(user.pk)) == (0, 0)


def test_an_answer_counts_on_the_day_it_began(make_user: MakeUser) -> None:
    user, midnight = make_user(), datetime(2026, 5, 2, tzinfo=UTC)
    key, _ = reserve(user, reads=100, writes=4_800, now=midnight - timedelta(seconds=1))
    assert refusal(user, now=midnight - timedelta(seconds=1)).retry_after_s == 1
    assert reserve(user, now=midnight)[1] == 500
    settle(key, paid(100, 4_000), now=midnight + timedelta(hours=1))
    assert day_of(user_subject(user.pk)) == (0, 4_100)
    assert day_of(user_subject(user.pk), now=midnight) == (600, 0)


def test_dropping_the_cookie_renews_nothing(make_user: MakeUser) -> None:
    for _ in range(2):
        reserve(make_user(is_guest=True), reads=100, writes=900, address=HALL)
    another = make_user(is_guest=True)
    assert refusal(another, address=HALL).code == "quota_exceeded"
    assert reserve(another, address=address_subject("192.0.2.2"))[1] == 500
    assert reserve(make_user(), address=HALL)[1] == 500  # who has signed in counts alone


def test_a_school_shares_one_address(make_user: MakeUser, settings: LazySettings) -> None:
    settings.QUOTA_GUESTS_PER_ADDRESS = 3
    guests = [make_user(is_guest=True) for _ in range(4)]
    assert [reserve(guest, reads=100, writes=1_900, address=HALL)[1] for guest in guests[:3]] == [1_900] * 3
    refusal(guests[0], address=HALL)
    assert refusal(guests[3], address=HALL).code == "quota_exceeded"


@pytest.mark.parametrize("quota", [0, 1_000])
def test_staff_and_a_quota_of_0_have_no_limit(make_user: MakeUser, settings: LazySettings, quota: int) -> None:
    settings.QUOTA_USER_TOKENS_PER_DAY = quota
    user = make_user(is_staff=bool(quota))
    assert reserve(user, writes=1_000_000)[1] == 1_000_000
    assert day_of(user_subject(user.pk)) == (1_000_100, 0)


def test_a_budget_is_a_hard_stop_for_all(make_user: MakeUser, settings: LazySettings) -> None:
    settings.BUDGET_PER_DAY_MICROS = 10_000
    settings.PRICES = {"deepseek": (Decimal("2.5"), Decimal(10))}
    one, staff = make_user(), make_user(is_staff=True)
    key, granted = reserve(one, reads=100, writes=900, price=PRICE)  # 250 and 9000
    assert granted == 900
    refused = refusal(staff, reads=100, writes=900, price=PRICE)
    assert (refused.code, refused.retry_after_s) == ("budget_exhausted", 12 * 3600)
    settle(key, paid(100, 100))
    row = DailyUsage.objects.get(subject=EVERYBODY)
    assert (row.spent_cost_micros, row.reserved_cost_micros) == (1_250, 0)
    assert reserve(staff, reads=100, writes=5_000, price=PRICE)[1] == 850  # (10000 - 1250 - 250) / 10


def test_what_has_no_price_costs_as_much_as_the_dearest(settings: LazySettings) -> None:
    settings.PRICES = {"deepseek": (Decimal(1), Decimal(2)), "gemini": (Decimal("0.5"), Decimal(3))}
    assert price_of("huggingface") == Price(Decimal(1), Decimal(3))
    assert price_of("gemini") == Price(Decimal("0.5"), Decimal(3))
    assert Used("local", "", 10, 10).cost_micros == 0
    assert Used("deepseek", "", 3, 1).cost_micros == 5
    assert Price(Decimal("0.27"), Decimal(0)).cost_micros(input_tokens=1, output_tokens=1) == 1  # rounded up


LOCAL = {"name": "local", "models": ["small"]}
DEEPSEEK = {"name": "deepseek", "models": ["chat"]}


@pytest.mark.parametrize(
    ("providers", "asked", "is_free"),
    [
        pytest.param([LOCAL], {}, True, id="the local model alone"),
        pytest.param([LOCAL, DEEPSEEK], {}, False, id="another may follow"),
        pytest.param([DEEPSEEK, LOCAL], {"provider": "local"}, True, id="the local one was asked for"),
        pytest.param([DEEPSEEK, LOCAL], {"model": "small"}, True, id="its model was asked for"),
        pytest.param([DEEPSEEK, LOCAL], {"model": "chat"}, False, id="another model was asked for"),
        pytest.param([LOCAL], {"provider": "deepseek"}, True, id="none but the local one is there"),
        pytest.param([], {}, False, id="nothing is known"),
    ],
)
def test_what_only_the_local_model_can_answer_is_free(
    providers: Sequence[dict[str, object]], asked: dict[str, str], is_free: bool
) -> None:
    found = tariff_of({"providers": providers}, **{"provider": "", "model": "", **asked})
    assert found.is_free is is_free


def test_a_reservation_that_nobody_settles_costs_its_prompt(make_user: MakeUser) -> None:
    user = make_user()
    key, _ = reserve(user, reads=100)
    assert reservations_lost(now=NOON + timedelta(minutes=9)) == []
    later = NOON + timedelta(minutes=11)
    assert reservations_lost(now=later) == [key]
    assert [usage_settle_lost([key], now=later) for _ in range(2)] == [1, 0]
    assert day_of(user_subject(user.pk)) == (0, 100)


def test_what_was_not_reserved_can_be_entered(make_user: MakeUser) -> None:
    user = make_user()
    with transaction.atomic():
        usage_book(user, key=uuid4(), used=[paid(10, 20)], now=NOON)
    assert day_of(user_subject(user.pk)) == (0, 30)


def test_a_guest_who_signs_in_takes_along_what_was_used(make_user: MakeUser) -> None:
    guest, user = make_user(is_guest=True), make_user()
    yesterday = NOON - timedelta(days=1)
    open_key, _ = reserve(guest, address=HALL, now=yesterday)
    settled_key, _ = reserve(guest, address=HALL)
    settle(settled_key, paid(60, 40))
    own_key, _ = reserve(user)
    with transaction.atomic():
        usage_absorb(guest, user)
    settle(open_key, paid(100, 0))
    settle(own_key, paid(7, 0))
    assert day_of(user_subject(user.pk)) == (0, 107)
    assert day_of(user_subject(user.pk), now=yesterday) == (0, 100)
    assert day_of(HALL) == (0, 100)
    assert day_of(HALL, now=yesterday) == (0, 100)
    assert not DailyUsage.objects.filter(subject=user_subject(guest.pk)).exists()
    assert set(UsageEntry.objects.values_list("user", flat=True)) == {user.pk}


Step = tuple[int, int, int, int]  # whose, tokens of the prompt, of the answer, and which of the open ones is settled
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 900), st.integers(1, 1_500), st.integers(-1, 5)), max_size=25
)


@checked(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, shares=st.lists(st.floats(0, 1), min_size=30, max_size=30))
def test_no_order_of_events_passes_a_limit_or_loses_a_token(
    steps: list[Step], shares: list[float], make_user: MakeUser
) -> None:
    DailyUsage.objects.all().delete()
    UsageEntry.objects.all().delete()
    users = [make_user(), make_user(), make_user(is_guest=True), make_user(is_guest=True)]
    share, open_keys = iter(shares), list[UUID]()
    for whose, reads, writes, which in steps:
        try:
            key, granted = reserve(users[whose], reads=reads, writes=writes, address=HALL)
            assert 0 < granted <= writes
            open_keys.append(key)
        except QuotaExceeded:
            pass  # that is what limits are for
        if 0 <= which < len(open_keys):
            _settle_part(open_keys.pop(which), next(share))
        _check_limits()
    for key in open_keys:
        _settle_part(key, next(share))
    _check_limits()
    assert not DailyUsage.objects.exclude(reserved_tokens=0).exists()
    assert not UsageEntry.objects.exclude(state=EntryState.SETTLED).exists()
    for row in DailyUsage.objects.all():
        entries = [entry for entry in UsageEntry.objects.all() if row.subject in entry.subjects]
        assert row.spent_tokens == sum(entry.input_tokens + entry.output_tokens for entry in entries)


def _settle_part(key: UUID, share: float) -> None:
    """As a provider that keeps to what it was granted."""
    entry = UsageEntry.objects.get(generation_id=key)
    reads = entry.reserved_tokens - entry.granted_output_tokens
    settle(key, paid(int(share * reads), int(share * entry.granted_output_tokens)))


def _check_limits() -> None:
    for row in DailyUsage.objects.all():
        limit = 2_000 if row.subject == HALL else 5_000
        assert row.reserved_tokens >= 0
        assert row.spent_tokens + row.reserved_tokens <= limit
    reserved = UsageEntry.objects.filter(state=EntryState.RESERVED).aggregate(tokens=Sum("reserved_tokens"))["tokens"]
    own = DailyUsage.objects.exclude(subject=HALL).aggregate(tokens=Sum("reserved_tokens"))["tokens"]
    assert (own or 0) == (reserved or 0)
