"""Conversations out of an archive. Called inside a unit of work, under the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from apps.accounts.models import User
from apps.chat.archive_records import ConversationRecord, FeedbackRecord, MessageRecord
from apps.chat.models import Conversation, Feedback, Generation, Message, TargetKind
from apps.chat.schemas import FilePart, SourcePart
from apps.chat.services.removing import conversation_return
from apps.core.errors import InvalidInput
from apps.core.records import place_of
from apps.documents.models import Document

ASKED_AT_ONCE = 500  # ids per query


@dataclass(frozen=True)
class PreparedConversation:
    """As apps/archive/parts.py wants it."""

    record: ConversationRecord

    @property
    def rows(self) -> int:
        messages = self.record.messages
        return 1 + len(self.record.document_ids) + len(messages) + sum(each.feedback is not None for each in messages)

    def store(self, *, user: User, ids: dict[str, dict[UUID, UUID]]) -> dict[str, int]:
        """One that the user has is left as it is, or brought back as it was deleted while it can be.

        Raises: InvalidInput for a document that the archive lacks.
        """
        record = self.record
        pk, is_there = place_of(record.id, user_id=user.pk, rows=Conversation.with_deleted.all())
        ids["conversations"][record.id] = pk
        if is_there:
            if conversation_return(pk):
                return {}
            Conversation.with_deleted.filter(pk=pk).delete()  # what is left of it: it is being removed
        _store(record, pk, user, ids)
        return {"conversations": 1, "messages": len(record.messages)}


def conversation_read(data: bytearray) -> PreparedConversation:
    """Raises: ValueError, of which pydantic.ValidationError is one."""
    return PreparedConversation(ConversationRecord.read(data))


def _store(record: ConversationRecord, pk: UUID, user: User, ids: dict[str, dict[UUID, UUID]]) -> None:
    """A map for each kind: an id that the archive gives to two things leads from neither to the other."""
    document_ids = ids["documents"]
    documents = [_document(document_id, document_ids) for document_id in record.document_ids]
    message_ids = _free_ids(record.messages)
    conversation = Conversation.objects.create(
        id=pk,
        user=user,
        client_id=_free_name(record.client_id, user),
        course_id=ids["courses"].get(record.course_id) if record.course_id else None,
        **record.model_dump(include={"title", "title_source", "pinned", "archived", "updated_at"}),
    )
    taken = _taken_names(record.messages, user)
    Message.objects.bulk_create(
        _message(each, conversation, message_ids, document_ids, taken) for each in record.messages
    )
    Feedback.objects.bulk_create(
        _feedback(each.feedback, user, message_ids[each.id]) for each in record.messages if each.feedback
    )
    for start in range(0, len(documents), ASKED_AT_ONCE):
        some = documents[start : start + ASKED_AT_ONCE]
        conversation.documents.add(*Document.objects.filter(user=user, pk__in=some))
    active = record.active_message_id
    Conversation.objects.filter(pk=pk).update(
        active_leaf=message_ids[active] if active else None,
        created_at=record.created_at,  # which the field itself sets to now
    )


def _document(document_id: UUID, document_ids: dict[UUID, UUID]) -> UUID:
    if document_id not in document_ids:
        raise InvalidInput(f"The archive does not have the document {document_id}.", code="archive_invalid")
    return document_ids[document_id]


def _free_ids(messages: Sequence[MessageRecord]) -> dict[UUID, UUID]:
    """Each message's own id, or a new one where that is taken: by a message, or by an answer that is being written."""
    taken: set[UUID] = set()
    wanted = [message.id for message in messages]
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        some = wanted[start : start + ASKED_AT_ONCE]
        taken.update(Message.objects.filter(pk__in=some).values_list("pk", flat=True))
        taken.update(Generation.objects.filter(answer_id__in=some).values_list("answer_id", flat=True))
    return {pk: uuid4() if pk in taken else pk for pk in wanted}


def _free_name(client_id: str | None, user: User) -> str | None:
    """The client's own name of the conversation, unless the user has given it to another one."""
    if client_id is None or Conversation.with_deleted.filter(user=user, client_id=client_id).exists():
        return None
    return client_id


def _taken_names(messages: Sequence[MessageRecord], user: User) -> set[str]:
    names = sorted({message.client_message_id for message in messages if message.client_message_id})
    taken: set[str | None] = set()
    for start in range(0, len(names), ASKED_AT_ONCE):
        some = names[start : start + ASKED_AT_ONCE]
        prompts = Message.objects.filter(user=user, client_message_id__in=some)
        taken.update(prompts.values_list("client_message_id", flat=True))
    return {name for name in taken if name}


def _message(
    record: MessageRecord,
    conversation: Conversation,
    message_ids: dict[UUID, UUID],
    document_ids: dict[UUID, UUID],
    taken: set[str],
) -> Message:
    fields = record.model_dump(exclude={"id", "parent_id", "parts", "error", "client_message_id", "feedback"})
    return Message(
        id=message_ids[record.id],
        conversation=conversation,
        user_id=conversation.user_id,
        parent_id=message_ids[record.parent_id] if record.parent_id else None,
        parts=[_part(part, document_ids) for part in record.parts],
        error=record.error.model_dump(exclude_none=True) if record.error else None,
        client_message_id=None if record.client_message_id in taken else record.client_message_id,
        **fields,
    )


def _part(part: Any, document_ids: dict[UUID, UUID]) -> dict[str, Any]:
    """As it is stored; a document that it names may be gone, as it may be beside any message. Any: a part of JSON."""
    stored: dict[str, Any] = part.model_dump(mode="json")
    if isinstance(part, FilePart | SourcePart) and part.document_id:
        stored["document_id"] = str(document_ids.get(part.document_id, part.document_id))
    return stored


def _feedback(record: FeedbackRecord, user: User, message_id: UUID) -> Feedback:
    return Feedback(
        user=user,
        target_kind=TargetKind.MESSAGE,
        target_id=message_id,
        message_id=message_id,
        **{**record.model_dump(), "reason": record.reason or ""},
    )
