"""Rows of a long conversation, written straight into the database; runs within `manage.py shell`."""

from itertools import pairwise
from uuid import UUID, uuid4

from django.db import transaction

from apps.chat.models import Conversation, Message, Role
from tests.long_conversation import answer_text


def lengthen(conversation_id: str, count: int) -> None:
    """Let `count` messages follow the last one: questions and answers in turn, the last of them answer count / 2."""
    conversation = Conversation.objects.get(pk=conversation_id)
    ids = [conversation.active_leaf_id, *(uuid4() for _ in range(count))]
    messages = [_message(conversation, number, pk, parent) for number, (parent, pk) in enumerate(pairwise(ids))]
    with transaction.atomic():
        Message.objects.bulk_create(messages, batch_size=500)
        Conversation.objects.filter(pk=conversation.pk).update(active_leaf=ids[-1])


def _message(conversation: Conversation, number: int, pk: UUID | None, parent_id: UUID | None) -> Message:
    turn, is_answer = number // 2 + 1, number % 2 == 1
    text = answer_text(turn) if is_answer else f"Question {turn}: what follows from that?"
    parts = [{"type": "text", "text": text}, *([_source(1), _source(2)] if is_answer else [])]
    return Message(
        id=pk,
        conversation=conversation,
        user_id=conversation.user_id,
        parent_id=parent_id,
        role=Role.ASSISTANT if is_answer else Role.USER,
        text=text,
        parts=parts,
        client_message_id=None if is_answer else str(uuid4()),
        finish_reason="stop" if is_answer else "",
    )


def _source(n: int) -> dict[str, object]:
    quote = "The light reactions split water and set oxygen free."
    return {
        "type": "source",
        "n": n,
        "document_id": str(uuid4()),
        "filename": "photosynthesis.pdf",
        "page": n,
        "label": f"page {n}",
        "quote": quote,
        "start": 0,
        "end": len(quote),
        "claim": "",
        "verified": True,
        "cited": True,
    }
