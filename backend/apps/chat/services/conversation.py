"""Changing conversations, hiding those that are deleted, and bringing them back."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from apps.accounts.services.identity import user_lock, user_of
from apps.chat import selectors, tree
from apps.chat.models import LIVE, Conversation, TitleSource
from apps.chat.schemas import ConversationPatch
from apps.chat.services import transitions
from apps.chat.services.indexing import title_reindex
from apps.chat.services.removing import conversation_return
from apps.core.access import Caller
from apps.core.errors import NotFound
from apps.courses.selectors import access_course


@transaction.atomic
def conversation_update(*, caller: Caller, conversation_id: str, patch: ConversationPatch) -> Conversation:
    """Set what the patch names. Raises: NotFound, also for a message of another conversation."""
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    changes: dict[str, Any] = patch.model_dump(
        exclude_none=True, exclude={"active_message_id", "course_id"}
    )  # Any: columns
    if "course_id" in patch.model_fields_set:
        course = access_course(user=conversation.user, course_id=patch.course_id) if patch.course_id else None
        changes["course"] = course
    if patch.title:
        changes["title_source"] = TitleSource.USER
    if patch.active_message_id:
        changes["active_leaf_id"] = _leaf(conversation, patch.active_message_id)
    # What is not named here may be changing just now, by an answer that ends.
    if changes and not Conversation.objects.filter(pk=conversation.pk).update(**changes):
        raise selectors.conversation_not_found()  # it was deleted at this moment
    if patch.title:
        title_reindex(conversation.pk)
    for name, value in changes.items():
        setattr(conversation, name, value)
    return conversation


def _leaf(conversation: Conversation, message_id: UUID) -> UUID:
    """Where the branch of a message ends; that of an answer which is being written ends in its question so far."""
    live = selectors.live_generation(conversation)
    if live and live.answer_id == message_id:
        return live.user_message_id
    message = conversation.messages.filter(pk=message_id).first()
    if message is None:
        raise NotFound("This message does not exist in this conversation.", code="message_not_found")
    return tree.newest_leaf(message).pk


@transaction.atomic
def conversation_delete(*, caller: Caller, conversation_id: str) -> list[UUID]:
    """Hide it everywhere; its documents stay in their user's library. Raises: NotFound.

    Return the answers that somebody has begun in it just now: asked to stop, but perhaps still running.
    """
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    user_lock(conversation.user_id)  # prompts and answers that end wait for it: they see it hidden, or are seen here
    if not Conversation.objects.filter(pk=conversation.pk).update(deleted_at=Now()):
        raise selectors.conversation_not_found()
    live = conversation.generations.filter(state__in=LIVE).values_list("pk", flat=True)
    return [pk for pk in live if transitions.request_stop(generation_id=pk)]


@transaction.atomic
def conversation_restore(*, caller: Caller, conversation_id: str) -> Conversation:
    """Bring a deleted one back, as it was; one that is there stays. Raises: NotFound, also when it is too late."""
    user = user_of(caller=caller)
    deleted = selectors.deleted_named(user=user, name=conversation_id)
    if deleted:
        user_lock(deleted.user_id)  # so does whoever sweeps it away
        conversation_return(deleted.pk)
    return selectors.access_conversation(user=user, conversation_id=conversation_id)
