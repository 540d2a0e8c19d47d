"""What stands in a conversation's file of an archive, and what must hold of it. Nothing here touches the database."""

from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from apps.chat.feedback_schemas import Comment, RatingName, ReasonName
from apps.chat.receipts import TRIES_KEPT
from apps.chat.schemas import FilePart, NoticePart, ReasoningPart, SourcePart
from apps.core.records import Record, Time, Whole
from apps.core.text import CleanText, check_text

PARTS_MAX = 10_000  # of a message: an answer has one for each passage that it marks
Named = Annotated[CleanText, StringConstraints(max_length=64)]
Short = Annotated[CleanText, StringConstraints(max_length=50)]
StoredPart = Annotated[ReasoningPart | FilePart | SourcePart | NoticePart, Field(discriminator="type")]


def _check_part(part: StoredPart) -> StoredPart:
    for value in part.model_dump().values():
        if isinstance(value, str):
            check_text(value)
    return part


class FeedbackRecord(Record):
    rating: RatingName
    reason: ReasonName | None
    comment: Comment
    created_at: Time
    updated_at: Time


class ErrorRecord(Record):
    """Why an answer failed: members of a problem document."""

    code: Annotated[CleanText, StringConstraints(max_length=100)]
    detail: CleanText
    status: Whole | None = None
    retry_after_s: Whole | None = None


class TryRecord(Record):
    provider: Short
    model: Annotated[CleanText, StringConstraints(max_length=200)]
    outcome: Short
    ms: Whole
    first_token_ms: Whole | None


class ReceiptRecord(Record):
    """How an answer came about."""

    first_token_ms: Whole | None
    total_ms: Whole
    tries: Annotated[list[TryRecord], Field(max_length=TRIES_KEPT, fail_fast=True)]


class MessageRecord(Record):
    id: UUID
    parent_id: UUID | None
    role: Literal["user", "assistant"]
    text: CleanText
    parts: Annotated[
        list[Annotated[StoredPart, AfterValidator(_check_part)]], Field(max_length=PARTS_MAX, fail_fast=True)
    ]
    state: Literal["complete", "stopped", "failed"]
    error: ErrorRecord | None
    client_message_id: Named | None
    revision: Annotated[int, Field(ge=0, le=2**15 - 1)]
    provider: Short
    model: Annotated[CleanText, StringConstraints(max_length=200)]
    finish_reason: Short
    input_tokens: Whole | None
    output_tokens: Whole | None
    receipt: ReceiptRecord | None = None  # which archives of before there were receipts do not have
    created_at: Time
    feedback: FeedbackRecord | None


class ConversationRecord(Record):
    """A file of `conversations/`: each message stands after its parent, so that what is read can have no circle."""

    id: UUID
    client_id: Named | None
    title: Annotated[CleanText, StringConstraints(max_length=200)]
    title_source: Literal["prompt", "model", "user"]
    pinned: bool
    archived: bool
    created_at: Time
    updated_at: Time
    course_id: UUID | None = None  # which archives of before there were courses do not have
    document_ids: Annotated[list[UUID], Field(max_length=settings.ARCHIVE_MAX_RECORDS, fail_fast=True)]
    messages: Annotated[list[MessageRecord], Field(max_length=settings.ARCHIVE_MAX_RECORDS, fail_fast=True)]
    active_message_id: UUID | None

    @model_validator(mode="after")
    def _check_tree(self) -> "ConversationRecord":
        roles: dict[UUID | None, str] = {}
        for message in self.messages:
            if message.id in roles:
                raise ValueError(f"Two messages have the id {message.id}.")
            if message.parent_id is not None and message.parent_id not in roles:
                raise ValueError(f"Message {message.id} follows one that does not stand before it.")
            if message.role == "assistant" and roles.get(message.parent_id) != "user":
                raise ValueError(f"Message {message.id} is an answer, but follows no question.")
            if message.role == "user" and message.feedback:
                raise ValueError(f"Message {message.id} is a question, but has feedback.")
            roles[message.id] = message.role
        if self.active_message_id is not None and self.active_message_id not in roles:
            raise ValueError("The active message is none of the conversation's.")
        return self

    @model_validator(mode="after")
    def _check_names(self) -> "ConversationRecord":
        named = [(each.client_message_id, each.revision) for each in self.messages if each.client_message_id]
        if len(set(named)) < len(named):
            raise ValueError("Two messages have the same client_message_id and revision.")
        return self
