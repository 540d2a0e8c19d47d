"""Conversations as records of an archive: all branches, and an answer that is being written as far as it is.

Read in pages, each whole when it is given; called inside units of work. What changes meanwhile can leave something
out, but never makes a record that points to nowhere: messages come after their parents, and what was deleted in the
middle is not named.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.chat import selectors
from apps.chat.models import Conversation, Feedback, Generation, Message, Role, State
from apps.chat.services.claiming import UNREADABLE
from apps.chat.services.feedback import feedback_by_message
from apps.chat.services.frame_log import frames_of
from apps.chat.written import Written, written_of

CONVERSATIONS_AT_ONCE = 200  # ids
MESSAGES_AT_ONCE = 100
Members = Iterator[tuple[str, Any]]  # Any: JSON, or an iterator over pages of a list
AS_THEY_ARE = ("id", "client_id", "title", "title_source", "pinned", "archived", "created_at", "updated_at")
OF_A_MESSAGE = (
    *("id", "parent_id", "role", "text", "parts", "state", "error", "client_message_id", "revision"),
    *("provider", "model", "finish_reason", "input_tokens", "output_tokens", "receipt", "created_at"),
)


@dataclass(frozen=True)
class _Seen:
    """A conversation at one moment; `order` are its messages, each after its parent."""

    conversation: Conversation
    order: Sequence[UUID]
    document_ids: Sequence[UUID]
    live: Generation | None  # whose answer is not among the messages yet


def conversations_export(*, user_id: UUID, exported: Collection[UUID]) -> Iterator[tuple[UUID, Members]]:
    """Each conversation's id with the members of its record.

    Of its course and its documents it names those in `exported`.
    """
    ids = Conversation.objects.filter(user_id=user_id).order_by("pk").values_list("pk", flat=True)
    after = UUID(int=0)
    while page := list(ids.filter(pk__gt=after)[:CONVERSATIONS_AT_ONCE]):
        for pk in page:
            if seen := _look(pk):
                yield pk, _members(seen, exported)
        after = page[-1]


def _look(pk: UUID) -> _Seen | None:
    """None when it is gone. In this order: an answer that ends meanwhile is seen as running, or as a message."""
    conversation = Conversation.objects.filter(pk=pk).first()
    if conversation is None:
        return None
    live = selectors.live_generation(conversation)
    order = _parents_first(conversation)
    return _Seen(
        conversation=conversation,
        order=order,
        document_ids=list(conversation.documents.order_by("pk").values_list("pk", flat=True)),
        live=live if live and live.answer_id not in order else None,
    )


def _parents_first(conversation: Conversation) -> list[UUID]:
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    rows = conversation.messages.order_by("created_at", "pk").values_list("pk", "parent_id")
    for pk, parent_id in rows:
        children[parent_id].append(pk)
    order, waiting = [], deque(children[None])
    while waiting:
        order.append(waiting.popleft())
        waiting.extend(children[order[-1]])
    return order


def _members(seen: _Seen, exported: Collection[UUID]) -> Members:
    conversation, live = seen.conversation, seen.live
    for name in AS_THEY_ARE:
        yield name, getattr(conversation, name)
    yield "course_id", conversation.course_id if conversation.course_id in exported else None
    yield "document_ids", [pk for pk in seen.document_ids if pk in exported]
    written: set[UUID] = set()
    yield "messages", _messages(seen, written)
    leaf = conversation.active_leaf_id
    if live and leaf == live.user_message_id:
        leaf = live.answer_id  # as it will be when the answer ends
    yield "active_message_id", leaf if leaf in written else None


def _messages(seen: _Seen, written: set[UUID]) -> Iterator[list[dict[str, Any]]]:
    """In pages; `written` gets the id of each."""
    for start in range(0, len(seen.order), MESSAGES_AT_ONCE):
        page = seen.order[start : start + MESSAGES_AT_ONCE]
        found = Message.objects.in_bulk(page)
        feedback = feedback_by_message(page)
        written.update(found)
        yield [_message(found[pk], feedback.get(pk)) for pk in page if pk in found]
    if seen.live and seen.live.user_message_id in written:
        written.add(seen.live.answer_id)
        yield [_message(_so_far(seen.live), None)]


def _message(message: Message, feedback: Feedback | None) -> dict[str, Any]:
    record = {name: getattr(message, name) for name in OF_A_MESSAGE}
    return {**record, "feedback": _feedback(feedback) if feedback else None}


def _feedback(feedback: Feedback) -> dict[str, Any]:
    return {
        "rating": feedback.rating,
        "reason": feedback.reason or None,
        "comment": feedback.comment,
        "created_at": feedback.created_at,
        "updated_at": feedback.updated_at,
    }


def _so_far(live: Generation) -> Message:
    """The answer that is being written, as it would stand if it were stopped now; it is not saved."""
    try:
        written = written_of(frames_of(generation_id=live.pk, epoch=live.epoch))
    except UNREADABLE:
        written = Written()
    return Message(
        id=live.answer_id,
        parent_id=live.user_message_id,
        role=Role.ASSISTANT,
        text=written.text,
        parts=[{"type": "reasoning", "text": written.reasoning}] if written.reasoning else [],
        state=State.STOPPED,
        provider=written.provider,
        model=written.model,
        created_at=live.created_at,
    )
