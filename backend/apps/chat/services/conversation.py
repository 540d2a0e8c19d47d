"""Changing and deleting conversations."""

from uuid import UUID

from django.db import transaction

from apps.chat import selectors
from apps.chat.models import Conversation
from apps.chat.schemas import ConversationPatch
from apps.core.access import Caller


@transaction.atomic
def conversation_update(*, caller: Caller, conversation_id: UUID, patch: ConversationPatch) -> Conversation:
    """Set what the patch names. Raises: NotFound."""
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    for name, value in patch.model_dump(exclude_none=True).items():
        setattr(conversation, name, value)
    conversation.save(update_fields=["title", "pinned", "archived"])
    return conversation


@transaction.atomic
def conversation_delete(*, caller: Caller, conversation_id: UUID) -> None:
    """Delete it with all its messages, and the documents that no other conversation has. Raises: NotFound."""
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    documents = list(conversation.documents.all())
    conversation.delete()
    for document in documents:
        if not document.conversations.exists():
            document.delete()
