"""Removing deleted conversations for good when nobody can bring them back any more, a little at a time."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from apps.accounts.services.identity import user_lock
from apps.chat.models import Conversation, Message

MESSAGES_AT_ONCE = 200


def conversations_remove() -> Iterator[int]:
    """Each step is one short transaction, and gives how many rows it removed; ends when there is nothing left."""
    while (due := _due().values_list("pk", "user_id").first()) is not None:
        yield _some_remove(*due)


def _due() -> "QuerySet[Conversation]":
    kept_since = Now() - timedelta(hours=settings.DELETED_KEEP_HOURS)
    return Conversation.with_deleted.filter(deleted_at__lte=kept_since)


@transaction.atomic
def _some_remove(pk: UUID, user_id: UUID) -> int:
    user_lock(user_id)
    conversation = _due().filter(pk=pk).first()  # by its time now: it may have been brought back, or be gone
    if conversation is None:
        return 0
    # The newest first: what follows a message goes with it, so from its beginning all would go at once.
    newest = conversation.messages.order_by("-created_at", "-id").values_list("pk", flat=True)
    ids = list(newest[:MESSAGES_AT_ONCE])
    if len(ids) == MESSAGES_AT_ONCE:
        Message.objects.filter(pk__in=ids).delete()
    else:
        conversation.delete()
    return len(ids) or 1
