"""Every change of a generation's state after its start: one conditional UPDATE each, so that of two owners one wins.

pending ⇄ running → complete | stopped | failed. Called inside units of work, under the caller's transaction.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.chat.models import LIVE, Generation, Lease, State


def end(*, generation_id: UUID, epoch: int, owner: str, state: State) -> bool:
    """To its final state, if `owner` runs it in this epoch."""
    running = Generation.objects.filter(pk=generation_id, epoch=epoch, owner=owner, state=State.RUNNING)
    return bool(running.update(state=state, ended_at=datetime.now(UTC)))


def claim(*, generation_id: UUID, epoch: int, owner: str) -> bool:
    """From waiting in `epoch` to running under `owner` in the next one."""
    waiting = Generation.objects.filter(pk=generation_id, epoch=epoch, state=State.PENDING)
    return bool(waiting.update(state=State.RUNNING, owner=owner, epoch=epoch + 1))


def release(*, owner: str, generation_ids: Iterable[UUID] | None = None) -> int:
    """From running under `owner` back to waiting: these, or all; return how many."""
    running = Generation.objects.filter(owner=owner, state=State.RUNNING)
    if generation_ids is not None:
        running = running.filter(pk__in=list(generation_ids))
    return running.update(state=State.PENDING, owner="")


def orphans() -> QuerySet[Generation]:
    """Those that run under a lease that is no more."""
    lease = Lease.objects.filter(owner=OuterRef("owner"))
    return Generation.objects.filter(~Exists(lease), state=State.RUNNING)


def release_orphans() -> int:
    """Back to waiting, all orphans but those that somebody is changing just now; return how many."""
    ids = [run.pk for run in orphans().select_for_update(skip_locked=True, of=("self",))]
    return orphans().filter(pk__in=ids).update(state=State.PENDING, owner="") if ids else 0


def request_stop(*, generation_id: UUID) -> bool:
    """Ask whoever runs it, now or next, to stop it; False when it had ended."""
    return bool(Generation.objects.filter(pk=generation_id, state__in=LIVE).update(stop_requested=True))
