"""Having one of all gateway processes do something now and then. Units of work."""

from datetime import timedelta

from django.db.models.functions import Now

from apps.archive.models import Chore


def chore_claim(*, name: str, every_s: float) -> bool:
    """Whether it is due and this caller the one to do it: by one statement, so of two callers one gets it."""
    next_at = Now() + timedelta(seconds=every_s)
    _, is_first = Chore.objects.get_or_create(name=name, defaults={"due_at": next_at})
    return is_first or bool(Chore.objects.filter(name=name, due_at__lte=Now()).update(due_at=next_at))
