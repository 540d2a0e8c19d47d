"""Giving what a guest has used to the user that the guest has become. A unit of work's part."""

from apps.accounts.models import User
from apps.usage.models import DailyUsage, EntryState, UsageEntry
from apps.usage.services.days import rows_add, rows_locked
from apps.usage.services.subjects import user_subject


def usage_absorb(guest: User, user: User) -> None:
    """Move the ledger, and add the guest's days to the user's; the guest's address has used what it has."""
    mine, theirs = user_subject(user.pk), user_subject(guest.pk)
    # First the entries, then the rows, as whoever settles does.
    for entry in UsageEntry.objects.select_for_update().filter(user=guest, state=EntryState.RESERVED).order_by("pk"):
        entry.subjects = sorted(mine if subject == theirs else subject for subject in entry.subjects)
        entry.save(update_fields=["subjects"])
    UsageEntry.objects.filter(user=guest).update(user=user)
    for day in DailyUsage.objects.filter(subject=theirs).order_by("day").values_list("day", flat=True):
        rows = rows_locked({mine, theirs}, day=day)
        guests = rows[theirs]
        rows_add(
            [rows[mine]],
            reserved_tokens=guests.reserved_tokens,
            reserved_cost_micros=guests.reserved_cost_micros,
            spent_tokens=guests.spent_tokens,
            spent_cost_micros=guests.spent_cost_micros,
        )
        guests.delete()
