"""Turns per minute, shared by all gateway processes: one row for each subject and kind, and one statement per turn.

The generic cell rate algorithm: a row holds the time at which the next turn would come at an even pace. Turns may be
taken ahead of it by up to a minute, so a minute's worth may come at once, and then one after each interval. Times are
the gateways' own: clocks that differ by a second make a limit err by a second's turns.

Source: ITU-T I.371, annex A (virtual scheduling).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import connection

from apps.accounts.models import User
from apps.core.errors import QuotaExceeded
from apps.usage.models import RateTurn
from apps.usage.services.subjects import address_subject, user_subject

MINUTE_US = 60_000_000
SECOND_US = 1_000_000


class Rate(StrEnum):
    """What is counted apart."""

    LOGIN = "login"  # anything of sign-in
    CHAT = "chat"  # whatever starts an answer
    UPLOAD = "upload"
    WRITE = "write"  # any other change
    LINK = "link"  # reading what somebody shares


def turn_take(rate: Rate, *, user: User | None, address: str, now: datetime) -> None:
    """Take a turn of the user, when there is one, and one of the address, under the caller's transaction.

    Raises: QuotaExceeded, which says when the next turn is due; none is taken, as the transaction is rolled back.
    """
    if not settings.RATE_LIMITS:
        return
    limits = settings.RATES_PER_MINUTE[rate]
    per_minute = {address_subject(address): limits["address"]}
    if user is not None:
        per_minute[user_subject(user.pk)] = limits["guest" if user.is_guest else "user"]
    now_us = round(now.timestamp() * SECOND_US)
    refused = per_minute.keys() - _taken(rate, per_minute, now_us=now_us)
    if refused:
        wait_us = _wait_us(rate, {subject: per_minute[subject] for subject in refused}, now_us=now_us)
        wait_s = max(1, -(-wait_us // SECOND_US))
        raise QuotaExceeded(
            f"That was a lot in a short time. Please try again in {wait_s} s.",
            code="rate_limited",
            retry_after_s=wait_s,
        )


def _taken(rate: Rate, per_minute: Mapping[str, int], *, now_us: int) -> set[str]:
    """Take a turn of each subject that has one; which those are. In one order, so that no two wait for each other."""
    rows = [(rate.value, subject, now_us + MINUTE_US // per_minute[subject]) for subject in sorted(per_minute)]
    # `excluded.arrival_us` is now and one interval.
    statement = f"""
        INSERT INTO usage_rateturn (rate, subject, arrival_us) VALUES {", ".join(["(%s, %s, %s)"] * len(rows))}
        ON CONFLICT (rate, subject) DO UPDATE SET arrival_us = excluded.arrival_us
            + CASE WHEN usage_rateturn.arrival_us > %s THEN usage_rateturn.arrival_us - %s ELSE 0 END
        WHERE usage_rateturn.arrival_us + excluded.arrival_us <= %s
        RETURNING subject
    """  # noqa: S608  only placeholders are put in
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, now_us, now_us, 2 * now_us + MINUTE_US])
        return {subject for (subject,) in cursor.fetchall()}


def _wait_us(rate: Rate, per_minute: Mapping[str, int], *, now_us: int) -> int:
    """Until all of these have a turn."""
    rows = RateTurn.objects.filter(rate=rate, subject__in=list(per_minute)).values_list("subject", "arrival_us")
    waits = (arrival_us + MINUTE_US // per_minute[subject] - MINUTE_US - now_us for subject, arrival_us in rows)
    return max(waits, default=0)
