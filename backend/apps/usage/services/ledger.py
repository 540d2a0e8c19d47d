"""Settling what an answer has used: its reservation is given back, and what it took is spent, on the day it began."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.usage.models import DailyUsage, EntryState, Kind, RateTurn, UsageEntry
from apps.usage.services.days import rows_add, rows_locked
from apps.usage.services.quotas import limits_of
from apps.usage.services.subjects import ADDRESS, EMAIL
from apps.usage.services.tariffs import Used

LOST_AFTER = timedelta(minutes=10)  # longer than anything takes that is no answer; of answers it is known
RATES_KEPT = timedelta(days=1)
LOST_AT_ONCE = 200


def granted_output(key: UUID) -> int | None:
    """The tokens that were granted to an answer which is not settled yet; None when nothing was reserved for it."""
    return _open().filter(generation_id=key).values_list("granted_output_tokens", flat=True).first()


def address_of(key: UUID) -> str:
    """The subject of the address that an answer was asked from, where it counts; else empty."""
    subjects = UsageEntry.objects.filter(generation_id=key).values_list("subjects", flat=True).first() or []
    return next((subject for subject in subjects if subject.startswith(ADDRESS)), "")


def usage_settle(key: UUID, *, used: Sequence[Used], now: datetime) -> bool:
    """Settle under the caller's transaction; False when nothing is reserved. The local model's tokens count nothing."""
    entry = _open().select_for_update().filter(generation_id=key).first()
    if entry is None:
        return False
    _settle(entry, used=used, now=now)
    return True


def usage_book(user: User, *, key: UUID, used: Sequence[Used], now: datetime) -> None:
    """Enter what an answer has cost for which nothing was reserved, under the caller's transaction."""
    subjects = sorted(limit.subject for limit in limits_of(user, address=""))
    day = now.astimezone(UTC).date()
    entry = UsageEntry(generation_id=key, kind=Kind.ANSWER, user=user, subjects=subjects, day=day, created_at=now)
    _settle(entry, used=used, now=now)


def reservations_lost(*, now: datetime) -> list[UUID]:
    """Reservations so old that what they were made for has ended, unless it is an answer that still waits."""
    lost = _open().filter(created_at__lt=now - LOST_AFTER).order_by("created_at")
    return list(lost.values_list("generation_id", flat=True)[:LOST_AT_ONCE])


def usage_settle_lost(keys: Collection[UUID], *, now: datetime) -> int:
    """Settle what nobody else will, by the tokens that were reserved for the prompt; how many that were.

    One transaction each: several would lock the rows of several days and subjects in no common order.
    """
    return sum(_settle_lost(key, now=now) for key in keys)


@transaction.atomic
def _settle_lost(key: UUID, *, now: datetime) -> bool:
    entry = _open().select_for_update().filter(generation_id=key).first()
    if entry is None:
        return False
    input_tokens = entry.reserved_tokens - entry.granted_output_tokens
    _settle(entry, used=[Used("", "", input_tokens=input_tokens, output_tokens=0)], now=now)
    return True


def usage_sweep(*, now: datetime) -> None:
    """Delete the turns that nobody has taken for a day, and what is older than USAGE_KEEP_DAYS."""
    RateTurn.objects.filter(arrival_us__lt=round((now - RATES_KEPT).timestamp() * 1e6)).delete()
    last_day = (now - timedelta(days=settings.USAGE_KEEP_DAYS)).date()
    DailyUsage.objects.filter(day__lt=last_day).delete()
    DailyUsage.objects.filter(day__lt=now.date(), subject__startswith=EMAIL).delete()
    UsageEntry.objects.filter(day__lt=last_day, state=EntryState.SETTLED).delete()


def _settle(entry: UsageEntry, *, used: Sequence[Used], now: datetime) -> None:
    """`entry` is locked, or new."""
    paid = [each for each in used if not each.is_free]
    entry.state, entry.settled_at = EntryState.SETTLED, now
    entry.input_tokens = sum(each.input_tokens for each in paid)
    entry.output_tokens = sum(each.output_tokens for each in paid)
    entry.cost_micros = sum(each.cost_micros for each in paid)
    if used:
        entry.provider, entry.model = used[-1].provider, used[-1].model
    rows = rows_locked(entry.subjects, day=entry.day)
    rows_add(
        rows.values(),
        reserved_tokens=-entry.reserved_tokens,
        reserved_cost_micros=-entry.reserved_cost_micros,
        spent_tokens=entry.input_tokens + entry.output_tokens,
        spent_cost_micros=entry.cost_micros,
    )
    entry.save()


def _open() -> "QuerySet[UsageEntry]":
    return UsageEntry.objects.filter(state=EntryState.RESERVED)
