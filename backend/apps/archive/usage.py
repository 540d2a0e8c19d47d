"""What an archive tells of what was used. It is not read back: the ledger is the server's own account."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.usage.models import DailyUsage, RateTurn, UsageEntry
from apps.usage.services.absorbing import usage_leave
from apps.usage.services.subjects import user_subject

ENTRIES_AT_ONCE = 500
FIELDS = (
    *("kind", "generation_id", "day", "provider", "model", "input_tokens", "output_tokens", "cost_micros"),
    *("state", "created_at", "settled_at"),
)


def usage_export(
    *, user_id: UUID, exported: Collection[UUID]
) -> Iterator[tuple[UUID | None, Iterator[tuple[str, Any]]]]:
    """One record: the user's lines of the ledger. Any: JSON, or an iterator over pages of a list."""
    yield None, iter([("entries", _entries(user_id))])


def _entries(user_id: UUID) -> Iterator[list[dict[str, Any]]]:
    of_user = UsageEntry.objects.filter(user=user_id).order_by("pk")
    after = 0
    while rows := list(of_user.filter(pk__gt=after).values("pk", *FIELDS)[:ENTRIES_AT_ONCE]):
        after = rows[-1]["pk"]
        yield [{name: row[name] for name in FIELDS} for row in rows]


def usage_forget(user: User) -> None:
    """Leave sums and ledger to the operator, but not whose they were; under the transaction that deletes the user.

    What counts for the address and for all together stays, and what the user has used today stays until midnight under
    a digest of the e-mail, so that nobody's quota is renewed by deleting an account.
    """
    subject = user_subject(user.pk)
    # Entries before sums, as by those who settle.
    entries = list(UsageEntry.objects.select_for_update().filter(user=user).order_by("pk"))
    for entry in entries:
        entry.subjects = [each for each in entry.subjects if each != subject]
    UsageEntry.objects.bulk_update(entries, ["subjects"], batch_size=ENTRIES_AT_ONCE)
    usage_leave(user, now=datetime.now(UTC))
    DailyUsage.objects.filter(subject=subject).delete()
    RateTurn.objects.filter(subject=subject).delete()
