"""Tokens and money per day. What an answer may use at most is reserved before it begins; `ledger` settles what it took.

So the sum of what is spent and of what may still be spent never passes a limit, however many begin at once: the rows of
the day are locked, and the reservation is made in the same transaction as the answer itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.conf import settings

from apps.accounts.models import User
from apps.core.errors import QuotaExceeded
from apps.usage.models import DailyUsage, Kind, UsageEntry
from apps.usage.services.days import rows_add, rows_locked
from apps.usage.services.subjects import EVERYBODY, user_subject
from apps.usage.services.tariffs import Price

ANSWER_MIN_TOKENS = 200  # with fewer left, an answer is not begun


@dataclass(frozen=True)
class Limit:
    """Of a subject and day; None: there is none."""

    subject: str
    tokens: int | None = None
    cost_micros: int | None = None


@dataclass(frozen=True)
class Wanted:
    """What an answer may take: the tokens of its prompt, and at most so many of its own."""

    input_tokens: int
    output_tokens: int

    @property
    def least(self) -> int:
        """Output that makes it worth while."""
        return min(self.output_tokens, ANSWER_MIN_TOKENS)


def day_ends(now: datetime) -> datetime:
    """When quotas begin anew: the next midnight, UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time.min, tzinfo=UTC)


def tokens_per_day(user: User | None) -> int | None:
    """The limit of the user's class; None for none. A visitor without a user is a guest."""
    if user and user.is_staff:
        return None
    is_guest = user is None or user.is_guest
    return (settings.QUOTA_GUEST_TOKENS_PER_DAY if is_guest else settings.QUOTA_USER_TOKENS_PER_DAY) or None


def limits_of(user: User, *, address: str) -> list[Limit]:
    """All that bounds what this user spends. `address` is the subject of a guest's address, or empty.

    A guest counts twice: who drops the cookie, and is another guest, has the same address.
    """
    tokens = tokens_per_day(user)
    limits = [Limit(user_subject(user.pk), tokens)]
    if user.is_guest and address:
        limits.append(Limit(address, address_tokens_per_day()))
    if settings.BUDGET_PER_DAY_MICROS:
        limits.append(Limit(EVERYBODY, cost_micros=settings.BUDGET_PER_DAY_MICROS))
    return limits


def address_tokens_per_day() -> int | None:
    """The limit of all guests of one address together."""
    return settings.QUOTA_GUEST_TOKENS_PER_DAY * settings.QUOTA_GUESTS_PER_ADDRESS or None


def usage_reserve(
    user: User, *, key: UUID, kind: Kind, address: str, wanted: Wanted, price: Price, now: datetime
) -> int:
    """Reserve under the caller's transaction, in an entry of the ledger; how many tokens the output may have.

    These are what is wanted, or what is left. Raises: QuotaExceeded, when less is left than makes it worth while.
    """
    day = now.astimezone(UTC).date()
    limits = limits_of(user, address=address)
    rows = rows_locked([limit.subject for limit in limits], day=day)
    bounds = [(limit, rows[limit.subject]) for limit in limits]
    granted = _granted(user, bounds=bounds, wanted=wanted, price=price, now=now)
    tokens = wanted.input_tokens + granted
    cost_micros = price.cost_micros(input_tokens=wanted.input_tokens, output_tokens=granted)
    rows_add(rows.values(), reserved_tokens=tokens, reserved_cost_micros=cost_micros)
    UsageEntry.objects.create(
        generation_id=key,
        kind=kind,
        user=user,
        subjects=sorted(rows),
        day=day,
        reserved_tokens=tokens,
        granted_output_tokens=granted,
        reserved_cost_micros=cost_micros,
        created_at=now,
    )
    return granted


def _granted(
    user: User, *, bounds: Sequence[tuple[Limit, DailyUsage]], wanted: Wanted, price: Price, now: datetime
) -> int:
    """Output tokens within every limit. Raises: QuotaExceeded."""
    granted = wanted.output_tokens
    for limit, row in bounds:
        if limit.tokens is not None:
            granted = min(granted, limit.tokens - row.spent_tokens - row.reserved_tokens - wanted.input_tokens)
            if granted < wanted.least:
                raise _quota_exceeded(user, now=now)
        if limit.cost_micros is not None:
            left_micros = limit.cost_micros - row.spent_cost_micros - row.reserved_cost_micros
            granted = min(granted, _affordable(left_micros, wanted=wanted, price=price))
            if granted < wanted.least:
                raise _budget_exhausted(now=now)
    return granted


def _affordable(left_micros: int, *, wanted: Wanted, price: Price) -> int:
    """Output tokens that are paid for by what the prompt leaves; below 0 where not even that is."""
    left = left_micros - wanted.input_tokens * price.input_micros
    if left < 0:
        return -1
    return int(left // price.output_micros) if price.output_micros else wanted.output_tokens


def _quota_exceeded(user: User, *, now: datetime) -> QuotaExceeded:
    more = "Sign in for more, or come back" if user.is_guest else "Come back"
    message = f"What you can use in a day is used up, or reserved for answers that are still written. {more} after"
    return _exceeded(f"{message} midnight (UTC).", code="quota_exceeded", now=now)


def _budget_exhausted(*, now: datetime) -> QuotaExceeded:
    message = "This server has spent what it may spend in a day. Come back after midnight (UTC)."
    return _exceeded(message, code="budget_exhausted", now=now)


def _exceeded(message: str, *, code: str, now: datetime) -> QuotaExceeded:
    ends = day_ends(now)
    # Rounded up: who comes back then finds a new day.
    wait_s = -(-(ends - now) // timedelta(seconds=1))
    return QuotaExceeded(message, code=code, retry_after_s=wait_s, resets_at=ends.isoformat().replace("+00:00", "Z"))
