"""Changing and deleting conversations."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.services.identity import user_lock
from apps.chat import selectors, tree
from apps.chat.models import LIVE, Conversation, TitleSource
from apps.chat.schemas import ConversationPatch
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
    Conversation.objects.filter(pk=conversation.pk).update(**changes)
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
def conversation_delete(*, caller: Caller, conversation_id: str) -> None:
    """Delete it with all its messages; its documents stay in their user's library. Raises: NotFound."""
    _locked(selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)).delete()


def _locked(conversation: Conversation) -> Conversation:
    """Have nothing be written into a conversation until the end of the transaction. Raises: NotFound when it is gone.

    Prompts wait for the user; an answer that ends locks its generation and then the conversation, and so do we.
    """
    user_lock(conversation.user_id)
    list(conversation.generations.select_for_update().filter(state__in=LIVE))
    locked = Conversation.objects.select_for_update().filter(pk=conversation.pk).first()
    if locked is None:
        raise selectors.conversation_not_found()
    return locked
