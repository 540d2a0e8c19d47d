"""Removing deleted conversations for good when nobody can bring them back any more, a little at a time."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from apps.accounts.services.identity import user_lock
from apps.chat.models import Conversation, Message

MESSAGES_AT_ONCE = 200


def conversations_remove() -> Iterator[int]:
    """Each step is one short transaction, and gives how many rows it removed; ends when there is nothing left."""
    while (due := _due().values_list("pk", "user_id").first()) is not None:
        yield _some_remove(*due)


def conversation_return(pk: UUID) -> bool:
    """Bring one back that was deleted; one that is there stays. Under its user's lock.

    False, and it stays hidden, when it has had its time: some of its messages may be gone already.
    """
    has_time = Q(deleted_at=None) | Q(deleted_at__gt=_kept_since())
    return bool(Conversation.with_deleted.filter(has_time, pk=pk).update(deleted_at=None))


def _due() -> "QuerySet[Conversation]":
    return Conversation.with_deleted.filter(deleted_at__lte=_kept_since())


def _kept_since() -> Combinable:
    """What was deleted at this moment, by the database's clock, or before has had its time."""
    return Now() - timedelta(hours=settings.DELETED_KEEP_HOURS)


@transaction.atomic
def _some_remove(pk: UUID, user_id: UUID) -> int:
    user_lock(user_id)
    conversation = _due().filter(pk=pk).first()  # by its time now: it may have been brought back, or be gone
    if conversation is None:
        return 0
    ids = list(conversation.messages.values_list("pk", flat=True)[:MESSAGES_AT_ONCE])
    if len(ids) == MESSAGES_AT_ONCE:
        # What follows a message would go with it: from its beginning the whole conversation, at once.
        Message.objects.filter(parent__in=ids).update(parent=None)
        Message.objects.filter(pk__in=ids).only("pk").delete()
    else:
        conversation.delete()
    return len(ids) or 1
