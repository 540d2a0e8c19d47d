"""From rows to the shapes of the API."""

from collections.abc import Sequence
from uuid import UUID

from apps.chat import selectors, tree
from apps.chat.feedback_schemas import FeedbackOut
from apps.chat.models import Conversation, Feedback, Generation, Message, Role, State
from apps.chat.schemas import (
    ChatReply,
    ConversationDetail,
    ConversationOut,
    ConversationRef,
    GenerationOut,
    MessageOut,
    Siblings,
    Usage,
)
from apps.chat.services.feedback import feedback_by_message
from apps.chat.services.starting import Started
from apps.core.access import Caller
from apps.documents.schemas import DocumentOut


def message_out(message: Message) -> MessageOut:
    """A unit of work."""
    return messages_out([message])[0]


def messages_out(messages: Sequence[Message]) -> list[MessageOut]:
    """Messages of one conversation with their versions and feedback: one query each. A unit of work."""
    versions = tree.siblings(messages)
    feedback = feedback_by_message([message.pk for message in messages if message.role == Role.ASSISTANT])
    return [
        _message_out(message, versions=versions[message.pk], feedback=feedback.get(message.pk)) for message in messages
    ]


def _message_out(message: Message, *, versions: list[UUID], feedback: Feedback | None) -> MessageOut:
    reasoning = [part for part in message.parts if part["type"] == "reasoning"]
    others = [part for part in message.parts if part["type"] != "reasoning"]
    text = [{"type": "text", "text": message.text}] if message.text else []
    return MessageOut.model_validate(
        {
            "id": message.id,
            "parent_id": message.parent_id,
            "siblings": Siblings(ids=versions, index=versions.index(message.pk)),
            "role": message.role,
            "parts": [*reasoning, *text, *others],
            "text": message.text,
            "state": message.state,
            "provider": message.provider,
            "model": message.model,
            "usage": _usage(message),
            "receipt": message.receipt,
            "finish_reason": message.finish_reason,
            "error": message.error,
            "client_message_id": message.client_message_id,
            "feedback": FeedbackOut.of(feedback) if feedback else None,
            "created_at": message.created_at,
        }
    )


def _usage(message: Message) -> Usage | None:
    if message.role != Role.ASSISTANT:
        return None
    return Usage(input_tokens=message.input_tokens, output_tokens=message.output_tokens)


def conversation_out(conversation: Conversation) -> ConversationOut:
    """`conversation` carries `running`, as `selectors.conversations_of` gives it."""
    return ConversationOut.model_validate(conversation, from_attributes=True)


def generation_out(generation: Generation) -> GenerationOut:
    """One that was live when its conversation was read; by now it may have ended."""
    return GenerationOut(
        id=generation.pk,
        state="pending" if generation.state == State.PENDING else "running",
        user_message_id=generation.user_message_id,
        answer_id=generation.answer_id,
    )


def chat_reply(started: Started) -> ChatReply | None:
    """Both messages of an answer that has ended; None while there is none. A unit of work."""
    rows = Message.objects.select_related("conversation").in_bulk([started.user_message_id, started.answer_id])
    answer = rows.get(started.answer_id)
    prompt = rows.get(started.user_message_id)
    if answer is None or prompt is None or prompt.conversation.deleted_at:
        return None
    user_message, assistant_message = messages_out([prompt, answer])
    return ChatReply(
        conversation=ConversationRef(id=prompt.conversation_id, title=prompt.conversation.title),
        user_message=user_message,
        assistant_message=assistant_message,
        documents=[DocumentOut.of(document) for document in started.documents],
    )


def conversation_detail(*, caller: Caller, conversation_id: str, before: UUID | None, limit: int) -> ConversationDetail:
    """A conversation with the end of its active branch. A unit of work. Raises: NotFound."""
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    messages, previous = selectors.messages_page(conversation=conversation, before=before, limit=limit)
    # What one statement has said of branch and run holds for the page: an answer that ends meanwhile is shown as it
    # ran, never as neither running nor there.
    is_running: bool = conversation.running  # type: ignore[attr-defined]  # the annotation of conversations_of
    live = selectors.last_generation(conversation) if is_running else None
    return ConversationDetail(
        **conversation_out(conversation).model_dump(),
        messages=messages_out(messages),
        previous_cursor=previous,
        generation=generation_out(live) if live else None,
        documents=[DocumentOut.of(document) for document in conversation.documents.all()],
    )
