"""What the live feed tells: the runs of some users as the database has them, and the difference of two readings."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.chat.models import LIVE, Conversation, Generation, State
from apps.core.sse import frame


@dataclass(frozen=True)
class LiveRun:
    """A generation, as far as a list of conversations needs it."""

    generation_id: UUID
    conversation_id: UUID
    user_message_id: UUID
    user_id: UUID
    state: str
    title: str  # of the conversation

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


Runs = Mapping[UUID, LiveRun]  # by the generation's id, oldest first
Titles = Mapping[UUID, str]  # by the conversation's id


@dataclass(frozen=True)
class Reading:
    """What one look at the database found, for each user that was asked for."""

    runs: Mapping[UUID, Runs]
    titles: Mapping[UUID, Titles]


def live_read(
    *,
    users: Collection[UUID],
    new_users: Collection[UUID],
    known: Collection[UUID],
    since: datetime,
    retitled: Collection[UUID],
) -> Reading:
    """One SELECT for all runs, and one more for the titles of `retitled` conversations, when there are any.

    The runs are those of `known` whatever became of them, those of `users` that began or ended after `since`, and all
    that are live of `new_users`; none of a deleted conversation. No transaction: each statement sees what is committed,
    and no lock is taken.
    """
    present = Generation.objects.filter(conversation__deleted_at=None)
    # A run that begins or ends moves its conversation to the top of the list; the index of that list finds it here, at
    # the same cost however many conversations a user has.
    recent = present.filter(
        Q(ended_at=None) | Q(ended_at__gte=since), conversation__user__in=users, conversation__updated_at__gte=since
    )
    running = present.filter(conversation__user__in=new_users, state__in=LIVE)
    columns = (
        "id",
        "conversation_id",
        "user_message_id",
        "conversation__user_id",
        "state",
        "conversation__title",
        "created_at",
    )
    parts = [part.values_list(*columns) for part in (recent, present.filter(pk__in=known), running)]
    runs: dict[UUID, dict[UUID, LiveRun]] = {user: {} for user in users}
    for *row, _ in parts[0].union(*parts[1:]).order_by("created_at"):
        run = LiveRun(*row)
        runs[run.user_id][run.generation_id] = run
    titles: dict[UUID, dict[UUID, str]] = {user: {} for user in users}
    if retitled:
        renamed = Conversation.objects.filter(pk__in=retitled, user__in=users)
        for user_id, conversation_id, title in renamed.values_list("user_id", "id", "title"):
            titles[user_id][conversation_id] = title
    return Reading(runs=runs, titles=titles)


def answering(runs: Runs) -> bytes:
    """The present state: the first frame that a reader gets."""
    named = [
        {
            "conversation_id": str(run.conversation_id),
            "generation_id": str(run.generation_id),
            "user_message_id": str(run.user_message_id),
        }
        for run in runs.values()
        if run.is_live
    ]
    return frame("answering", conversations=named)


def changes(before: Runs, now: Runs, *, titles: Titles) -> Iterator[bytes]:
    """The frames that lead from one reading of a user's runs to the next."""
    for run in now.values():
        last = before.get(run.generation_id)
        if last is None:
            yield _started(run)
        if not run.is_live and (last is None or last.is_live):
            yield _finished(run, state=run.state)
    for run in before.values():
        if run.is_live and run.generation_id not in now:
            yield _finished(run, state=State.STOPPED)  # its conversation was deleted
    known = {run.conversation_id: run.title for run in before.values()}
    found = {run.conversation_id: run.title for run in now.values()} | dict(titles)
    for conversation_id, title in found.items():
        # The title of a conversation that was not known came with its first frame, unless it is named in `titles`.
        if known.get(conversation_id, title if conversation_id not in titles else None) != title:
            yield frame("titled", conversation_id=str(conversation_id), title=title)


def _started(run: LiveRun) -> bytes:
    return frame(
        "started",
        conversation_id=str(run.conversation_id),
        generation_id=str(run.generation_id),
        user_message_id=str(run.user_message_id),
        title=run.title,
    )


def _finished(run: LiveRun, *, state: str) -> bytes:
    return frame(
        "finished",
        conversation_id=str(run.conversation_id),
        generation_id=str(run.generation_id),
        state=state,
        title=run.title,
    )
