"""Leases: which gateway processes live. Units of work; all times are the database's, so clocks may differ."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from apps.chat.models import Lease
from apps.chat.services import transitions
from apps.core.ownership import is_known_dead

# As `_expiry` has it.
RENEWAL = {
    "sqlite": """
        UPDATE chat_lease SET expires_at = strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s || ' seconds') WHERE owner = %s
    """,
    "postgresql": """
        UPDATE chat_lease SET expires_at = statement_timestamp() + make_interval(secs => %s) WHERE owner = %s
    """,
}


def _expiry() -> CombinedExpression:
    return Now() + timedelta(seconds=settings.GENERATION_LEASE_SECONDS)


def lease_take(*, owner: str) -> None:
    Lease.objects.create(owner=owner, expires_at=_expiry())


def lease_renew(*, owner: str) -> bool:
    """Hold it for another term; False when somebody took it away. Under a transaction it also keeps others from it.

    Plain SQL, as for the frames that are written with it five times a second.
    """
    with connection.cursor() as cursor:
        cursor.execute(RENEWAL[connection.vendor], [settings.GENERATION_LEASE_SECONDS, owner])
        return bool(cursor.rowcount)


@transaction.atomic
def lease_give_up(*, owner: str) -> None:
    """End it at once, so that what it ran need not wait."""
    Lease.objects.filter(owner=owner).delete()  # locked before its runs, as by those who revoke it
    transitions.release(owner=owner)


def leases_revoke(*, me: str) -> int:
    """Take the leases of dead processes away, and let what they ran wait for the next; return how many runs that is.

    Reads first: there is nothing to write as long as everybody lives.
    """
    expired = Case(When(expires_at__lt=Now(), then=Value(True)), default=Value(False), output_field=BooleanField())
    others = Lease.objects.exclude(owner=me).annotate(expired=expired)
    known_dead = [lease.owner for lease in others if is_known_dead(lease.owner, me=me)]
    silent = [lease.owner for lease in others if lease.expired and lease.owner not in known_dead]
    if not known_dead and not silent and not transitions.orphans().exists():
        return 0
    with transaction.atomic():
        # Asked again under the lock: one that has just renewed keeps its lease. One that is in the middle of a
        # transaction is not waited for, since it may be paused there.
        gone = Lease.objects.filter(Q(owner__in=known_dead) | Q(owner__in=silent, expires_at__lt=Now()))
        owners = [lease.owner for lease in gone.select_for_update(skip_locked=True)]
        Lease.objects.filter(owner__in=owners).delete()
        return transitions.release_orphans()
