"""Giving a guest's conversations to the user that the guest has become. A unit of work's part."""

from apps.accounts.models import User
from apps.chat.models import Conversation, Feedback, Message
from apps.chat.services.indexing import entries_absorb


def chat_absorb(guest: User, user: User) -> None:
    """Move conversations and messages. What both have named alike keeps its name at the user alone."""
    conversations = Conversation.with_deleted.filter(user=guest)
    named = Conversation.with_deleted.filter(user=user, client_id__isnull=False)
    conversations.filter(client_id__in=named.values("client_id")).update(client_id=None)
    messages = Message.objects.filter(user=guest)
    sent = Message.objects.filter(user=user, client_message_id__isnull=False)
    messages.filter(client_message_id__in=sent.values("client_message_id")).update(client_message_id=None)
    messages.update(user=user)
    Feedback.objects.filter(user=guest).update(user=user)
    entries_absorb(user, conversations=conversations)
    conversations.update(user=user)
