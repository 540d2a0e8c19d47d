"""The rows of a day, always locked in one order, so that no two transactions wait for each other."""

from collections.abc import Collection
from datetime import date

from django.db.models import F

from apps.usage.models import DailyUsage


def rows_locked(subjects: Collection[str], *, day: date) -> dict[str, DailyUsage]:
    """The rows of these subjects as they are until the caller's transaction ends; made where there are none."""
    rows = _locked(subjects, day)
    if missing := set(subjects) - rows.keys():
        # Another transaction may make them at this moment: it is waited for, and its rows are found.
        made = [DailyUsage(subject=subject, day=day) for subject in sorted(missing)]
        DailyUsage.objects.bulk_create(made, ignore_conflicts=True)
        rows = _locked(subjects, day)
    return rows


def _locked(subjects: Collection[str], day: date) -> dict[str, DailyUsage]:
    rows = DailyUsage.objects.filter(day=day, subject__in=list(subjects)).order_by("subject").select_for_update()
    return {row.subject: row for row in rows}


def rows_add(
    rows: Collection[DailyUsage],
    *,
    reserved_tokens: int = 0,
    reserved_cost_micros: int = 0,
    spent_tokens: int = 0,
    spent_cost_micros: int = 0,
) -> None:
    """Add to each of these rows, which are locked."""
    DailyUsage.objects.filter(pk__in=[row.pk for row in rows]).update(
        reserved_tokens=F("reserved_tokens") + reserved_tokens,
        reserved_cost_micros=F("reserved_cost_micros") + reserved_cost_micros,
        spent_tokens=F("spent_tokens") + spent_tokens,
        spent_cost_micros=F("spent_cost_micros") + spent_cost_micros,
    )
