"""The bodies that ask for an answer: our own, and the one that the AI SDK's `DefaultChatTransport` posts."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from apps.chat.schemas import (
    DOCUMENTS_PER_PROMPT_MAX,
    ChatRequest,
    ClientId,
    ConversationName,
    Name,
    TextPart,
    check_message,
)
from apps.core.text import check_text

PARTS_MAX = 100


class UIFilePart(Schema):
    type: Literal["file"] = "file"
    url: str = ""


def _last_of_user(messages: Any) -> Any:
    """Only the message that counts is read and checked, so a long conversation costs no more than a short one."""
    if not isinstance(messages, list):
        return messages
    return next(([each] for each in reversed(messages) if isinstance(each, dict) and each.get("role") == "user"), [])


def _text_and_files(parts: Any) -> Any:
    if not isinstance(parts, list):
        return parts
    return [part for part in parts if isinstance(part, dict) and part.get("type") in {"text", "file"}]


class UIMessage(Schema):
    id: ClientId
    role: Literal["user"]
    parts: Annotated[
        list[Annotated[TextPart | UIFilePart, Field(discriminator="type")]],
        BeforeValidator(_text_and_files),
        Field(max_length=PARTS_MAX),
    ]

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart)).strip()

    @property
    def brings_files(self) -> bool:
        """Whether it carries a file's bytes; another address is that of a file which was sent before."""
        return any(part.url.startswith("data:") for part in self.parts if isinstance(part, UIFilePart))


class UIMessagesRequest(Schema):
    """What the AI SDK posts. Of `messages` the last of the user counts: it is the prompt, its id the client's id of it.

    `id` is the client's own name of the conversation, which is made when there is none of that name. Other members are
    ignored, since a transport may add its own.
    """

    id: ConversationName
    messages: Annotated[
        list[UIMessage],
        BeforeValidator(_last_of_user),
        WithJsonSchema(
            {"type": "array", "items": {"type": "object"}, "description": "UIMessage objects of the AI SDK."}
        ),
    ]
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    message_id: Name | None = Field(default=None, alias="messageId")
    document_ids: list[UUID] = Field(default_factory=list, max_length=DOCUMENTS_PER_PROMPT_MAX)
    course_id: UUID | None = None
    provider: Name | None = None
    model: Name | None = None

    @property
    def prompt(self) -> UIMessage | None:
        return self.messages[0] if self.messages else None

    @model_validator(mode="after")
    def _check_prompt(self) -> Self:
        if self.prompt and self.prompt.brings_files:
            raise ValueError("Files are not taken here; send them to /api/chat/file/, or name them by document_ids.")
        if self.trigger == "submit-message" and self.prompt is None:
            raise ValueError("There is no message of the user.")
        if self.prompt and (self.prompt.text or self.trigger == "submit-message"):
            check_message(check_text(self.prompt.text))
        return self


def _kind(body: Any) -> str:
    return "UIMessagesRequest" if isinstance(body, dict) and "messages" in body else "ChatRequest"


PromptBody = Annotated[
    Annotated[ChatRequest, Tag("ChatRequest")] | Annotated[UIMessagesRequest, Tag("UIMessagesRequest")],
    Discriminator(_kind),
]


@dataclass(frozen=True)
class PromptRequest:
    """What a body asks for, whichever shape it came in."""

    text: str | None  # None: nothing new is asked
    conversation: str | None  # our id, or the client's name of it
    make_conversation: bool  # when there is none of that name
    client_message_id: str | None
    parent_id: UUID | None  # of the prompt
    regenerate: bool
    target: str | None  # of a regenerate: our id of a question or an answer, or the client's id of a question
    document_ids: tuple[UUID, ...]
    course_id: UUID | None  # of a conversation that begins with it
    provider: str
    model: str
    continues: UUID | None = None  # an answer, from whose text the new one goes on

    @property
    def makes_answer_anew(self) -> bool:
        """Whether another version of an answer is wanted, whatever there is already."""
        return self.regenerate or self.continues is not None


def request_of(body: ChatRequest | UIMessagesRequest) -> PromptRequest:
    """The same, said in one way."""
    return _own(body) if isinstance(body, ChatRequest) else _ai_sdk(body)


def _own(body: ChatRequest) -> PromptRequest:
    regenerate, continues = body.trigger == "regenerate", body.trigger == "continue"
    return PromptRequest(
        text=body.message,
        conversation=str(body.conversation_id) if body.conversation_id else None,
        make_conversation=body.conversation_id is None,
        client_message_id=body.client_message_id,
        parent_id=body.parent_id if body.trigger == "submit" else None,
        regenerate=regenerate,
        target=str(body.parent_id) if regenerate and body.parent_id else None,
        document_ids=tuple(body.document_ids),
        course_id=body.course_id,
        provider=body.provider or "",
        model=body.model or "",
        continues=body.parent_id if continues else None,
    )


def _ai_sdk(body: UIMessagesRequest) -> PromptRequest:
    """Its regenerate() after a prompt that got lost on the way names no message: the text is here, to be submitted."""
    prompt = body.prompt
    regenerate = body.trigger == "regenerate-message"
    names_prompt = prompt is not None and body.message_id == prompt.id
    return PromptRequest(
        text=(prompt.text or None) if prompt else None,
        conversation=body.id,
        make_conversation=True,
        client_message_id=prompt.id if prompt else None,
        parent_id=None,
        regenerate=regenerate,
        target=body.message_id if regenerate and not names_prompt else None,
        document_ids=tuple(body.document_ids),
        course_id=body.course_id,
        provider=body.provider or "",
        model=body.model or "",
    )
