"""Shapes of what a search through conversations finds."""

from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from apps.chat.replies import conversation_out
from apps.chat.schemas import ConversationOut
from apps.chat.services.searching import FoundConversation

Marks = list[tuple[int, int]]


class MessageHit(Schema):
    """A message that has the words looked for."""

    message_id: UUID
    role: Literal["user", "assistant"]
    snippet: str = Field(description="A line around the first of the words.")
    marks: Marks = Field(description="Bounds of the words in `snippet`, in code points.")


class ConversationHit(Schema):
    """A conversation that was found by its title, or by some of its messages, of which at most 3 are told."""

    conversation: ConversationOut
    title_marks: Marks = Field(description="Bounds of the words in its title, in code points.")
    hits: list[MessageHit]

    @classmethod
    def of(cls, found: FoundConversation) -> "ConversationHit":
        return cls(
            conversation=conversation_out(found.conversation),
            title_marks=list(found.title_marks),
            hits=[MessageHit.model_validate(hit, from_attributes=True) for hit in found.hits],
        )


class ConversationHits(Schema):
    items: list[ConversationHit]
