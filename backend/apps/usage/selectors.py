"""What somebody has used today, and how much is left."""

from datetime import UTC, datetime

from django.conf import settings

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.core.access import Caller
from apps.usage.models import DailyUsage
from apps.usage.schemas import StreamsOut, TokensOut, UsageOut
from apps.usage.services.quotas import Limit, address_tokens_per_day, day_ends, limits_of
from apps.usage.services.streams import streams_running
from apps.usage.services.subjects import EVERYBODY, address_subject


def usage_get(*, caller: Caller, now: datetime) -> UsageOut:
    """Of the caller; of a guest, or its address, whichever has less left. Raises: Unauthorized, Forbidden."""
    user = user_of(caller=caller)
    return UsageOut(
        tokens=_tokens(_limits(user, address=caller.address), now=now),
        streams=StreamsOut(
            running=streams_running(user) if user else 0,
            limit=settings.STREAMS_PER_USER_MAX if settings.RATE_LIMITS else None,
        ),
        user_class="guest" if user is None or user.is_guest else "user",
    )


def _limits(user: User | None, *, address: str) -> list[Limit]:
    """A visitor has used what its address has."""
    subject = address_subject(address)
    if user is None:
        return [Limit(subject, address_tokens_per_day())]
    return [limit for limit in limits_of(user, address=subject) if limit.subject != EVERYBODY]


def _tokens(limits: list[Limit], *, now: datetime) -> TokensOut:
    subjects = [limit.subject for limit in limits]
    rows = DailyUsage.objects.filter(day=now.astimezone(UTC).date(), subject__in=subjects)
    found = {row.subject: row for row in rows}
    shown = [
        TokensOut(used=row.spent_tokens, reserved=row.reserved_tokens, limit=limit.tokens, resets_at=day_ends(now))
        for limit in limits
        for row in [found.get(limit.subject, DailyUsage())]
    ]
    return min(shown, key=lambda each: (each.limit or 0) - each.used - each.reserved)
