"""Giving what somebody has used to the user that they have become. Parts of units of work."""

from datetime import UTC, date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.usage.models import DailyUsage, EntryState, UsageEntry
from apps.usage.services.days import rows_add, rows_locked
from apps.usage.services.subjects import email_subject, user_subject


def usage_absorb(guest: User, user: User) -> None:
    """Move the ledger, and add the guest's days to the user's; the guest's address has used what it has."""
    mine, theirs = user_subject(user.pk), user_subject(guest.pk)
    # First the entries, then the rows, as whoever settles does.
    for entry in UsageEntry.objects.select_for_update().filter(user=guest, state=EntryState.RESERVED).order_by("pk"):
        entry.subjects = sorted(mine if subject == theirs else subject for subject in entry.subjects)
        entry.save(update_fields=["subjects"])
    UsageEntry.objects.filter(user=guest).update(user=user)
    for day in DailyUsage.objects.filter(subject=theirs).order_by("day").values_list("day", flat=True):
        _move(theirs, mine, day=day, with_reserved=True)


def usage_leave(user: User, *, now: datetime) -> None:
    """Before a user is deleted: keep what is used of today's quota, for whoever comes with the same e-mail.

    What is still reserved goes, since nobody could give it back.
    """
    if user.email:
        day = now.astimezone(UTC).date()
        _move(user_subject(user.pk), email_subject(user.email), day=day, with_reserved=False)


@transaction.atomic
def usage_inherit(user: User, *, now: datetime) -> None:
    """At a sign-in, whose e-mail is verified: go on with what an earlier account of the same e-mail has used today."""
    if user.email:
        day = now.astimezone(UTC).date()
        _move(email_subject(user.email), user_subject(user.pk), day=day, with_reserved=False)


def _move(source: str, target: str, *, day: date, with_reserved: bool) -> None:
    """Add a subject's row of the day to another's, and delete it."""
    if not DailyUsage.objects.filter(subject=source, day=day).exists():
        return
    rows = rows_locked({source, target}, day=day)
    moved = rows[source]
    rows_add(
        [rows[target]],
        reserved_tokens=moved.reserved_tokens if with_reserved else 0,
        reserved_cost_micros=moved.reserved_cost_micros if with_reserved else 0,
        spent_tokens=moved.spent_tokens,
        spent_cost_micros=moved.spent_cost_micros,
    )
    moved.delete()
