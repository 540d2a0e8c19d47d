"""Shapes of links, and of what they show: text alone, and nothing that names a user or a document of theirs."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from apps.chat.schemas import ConversationRef, NoticePart, TextPart
from apps.sharing.models import Share


class ShareOut(Schema):
    """A link: its page is `/s/<token>`. `messages` is how many it shows."""

    token: str
    created_at: datetime
    updated_at: datetime
    messages: int

    @classmethod
    def of(cls, share: Share) -> "ShareOut":
        return cls(token=share.token, created_at=share.created_at, updated_at=share.updated_at, messages=share.messages)


class ShareReply(Schema):
    share: ShareOut | None


class ShareOfConversation(Schema):
    share: ShareOut
    conversation: ConversationRef

    @classmethod
    def of(cls, share: Share) -> "ShareOfConversation":
        """`share` was read with its conversation."""
        reference = ConversationRef(id=share.conversation.pk, title=share.conversation.title)
        return cls(share=ShareOut.of(share), conversation=reference)


class ShareList(Schema):
    items: list[ShareOfConversation]


class SharedFile(Schema):
    type: Literal["file"] = "file"
    filename: str


class SharedSource(Schema):
    """As a source of an answer, without the document itself."""

    type: Literal["source"] = "source"
    n: int
    filename: str
    page: int
    label: str
    quote: str
    verified: bool = True
    cited: bool = True


SharedPart = Annotated[TextPart | SharedFile | SharedSource | NoticePart, Field(discriminator="type")]


class SharedMessage(Schema):
    id: UUID
    role: Literal["user", "assistant"]
    text: str
    parts: list[SharedPart]
    state: Literal["complete", "stopped", "failed"]
    provider: str
    model: str
    created_at: datetime


class SharedConversation(Schema):
    """A page of what a link shows, oldest first; `updated_at` is when it was made, or last brought up to date."""

    title: str
    updated_at: datetime
    messages: list[SharedMessage]
    next_cursor: str | None
