"""Shapes of the chat API; the OpenAPI document and the UI's types are made from them."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from apps.chat.feedback_schemas import FeedbackOut
from apps.core.text import CleanText, check_text
from apps.documents.schemas import DocumentOut

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(check_text)]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
# Our id of a conversation, or the client's own. It stands in paths, where a dot in front could mean another folder.
ConversationName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,63}$")]
DOCUMENTS_PER_PROMPT_MAX = 20


def check_message(value: str) -> str:
    """The text of a prompt without blanks around it. Raises: ValueError when it is empty or too long."""
    value = value.strip()
    if not value:
        raise ValueError("The message is empty.")
    if len(value) > settings.CHAT_MESSAGE_MAX_CHARS:
        raise ValueError(
            f"The message has {len(value):,} characters; at most {settings.CHAT_MESSAGE_MAX_CHARS:,} are taken."
        )
    return value


MessageText = Annotated[CleanText, AfterValidator(check_message)]


class ChatRequest(Schema):
    """A prompt; with `regenerate` or `continue` the wish for another version of an answer.

    Without `conversation_id` it begins a conversation.
    """

    model_config = ConfigDict(extra="forbid")

    message: MessageText | None = Field(default=None, description="The prompt; none with `regenerate` or `continue`.")
    conversation_id: UUID | None = None
    client_message_id: ClientId | None = Field(
        default=None,
        description="Unique per user. Sent again with the same text, it finds the same prompt, and an answer that "
        "failed or was stopped is retried; with another text it is an edit: a sibling of the first. Without effect "
        "on the others: while one runs, they are refused with the id of the running generation, to be followed.",
    )
    parent_id: UUID | None = Field(
        default=None,
        description="Of a submit: the answer that the prompt follows, instead of the last of the active branch. "
        "Of a regenerate: the answer to make again, or the question to answer again. Of a continue: the answer that "
        "was cut, from whose text the new version goes on.",
    )
    trigger: Literal["submit", "regenerate", "continue"] = "submit"
    document_ids: list[UUID] = Field(
        default_factory=list, max_length=DOCUMENTS_PER_PROMPT_MAX, description="Documents of one's own to ask about."
    )
    course_id: UUID | None = Field(
        default=None, description="The course of a conversation that begins: all its files are asked about."
    )
    provider: Name | None = None
    model: Name | None = None

    @model_validator(mode="after")
    def _check_trigger(self) -> Self:
        if self.trigger == "submit" and self.message is None:
            raise ValueError("The message is missing.")
        if self.trigger != "submit" and (self.message is not None or self.document_ids):
            raise ValueError(f"A {self.trigger} takes no message and no documents: it answers what was asked before.")
        if self.conversation_id is None and (self.parent_id or self.trigger != "submit"):
            raise ValueError("Name the conversation by its conversation_id.")
        if self.trigger == "continue" and self.parent_id is None:
            raise ValueError("Name the answer to continue by parent_id.")
        return self


class TextPart(Schema):
    type: Literal["text"] = "text"
    text: str


class ReasoningPart(Schema):
    type: Literal["reasoning"] = "reasoning"
    text: str


class FilePart(Schema):
    type: Literal["file"] = "file"
    document_id: UUID
    filename: str
    media_type: str


class SourcePart(Schema):
    """What a claim of the answer rests on: `quote` is `text[start:end]` of that page, `n` the `[n]` behind the claim.

    `verified` false: nothing on that page bears the claim, or there is no passage n; `document_id` is null then.
    `cited` false: a passage of the prompt, shown since the answer marks none.
    """

    type: Literal["source"] = "source"
    n: int
    document_id: UUID | None
    filename: str
    page: int
    label: str
    quote: str
    start: int = 0
    end: int = 0
    claim: str = ""
    verified: bool = True
    cited: bool = True


class NoticePart(Schema):
    """Something the reader should know of how the answer came about, such as what did not fit into the prompt."""

    type: Literal["notice"] = "notice"
    code: str
    message: str


Part = Annotated[TextPart | ReasoningPart | FilePart | SourcePart | NoticePart, Field(discriminator="type")]


class Usage(Schema):
    """Tokens."""

    input_tokens: int | None
    output_tokens: int | None


class Try(Schema):
    """One try of a provider: `ok`, or the word for why not, after `ms` milliseconds."""

    provider: str
    model: str
    outcome: str
    ms: int
    first_token_ms: int | None


class Receipt(Schema):
    """How an answer came about, in milliseconds since its question was stored.

    `tries` are those that the worker told at its end, in order: none of an answer that was stopped or has failed.
    """

    first_token_ms: int | None
    total_ms: int
    tries: list[Try]


class MessageError(Schema):
    code: str
    detail: str


class Siblings(Schema):
    """The versions of a message, oldest first: edits of one question, or answers to it; `index` is this one's."""

    ids: list[UUID]
    index: int


class MessageOut(Schema):
    id: UUID
    parent_id: UUID | None
    siblings: Siblings
    role: Literal["user", "assistant"]
    parts: list[Part]
    text: str
    state: Literal["complete", "stopped", "failed"]
    provider: str
    model: str
    usage: Usage | None
    receipt: Receipt | None = None  # of an answer; none of those of before there were receipts
    finish_reason: str
    error: MessageError | None
    client_message_id: str | None
    feedback: FeedbackOut | None = None  # the caller's own, of an answer
    created_at: datetime


class ConversationRef(Schema):
    id: UUID
    title: str


class ChatReply(Schema):
    conversation: ConversationRef
    user_message: MessageOut
    assistant_message: MessageOut
    documents: list[DocumentOut] = Field(default_factory=list)


class StopReply(Schema):
    message: MessageOut


class ConversationOut(Schema):
    id: UUID
    client_id: str | None = None
    course_id: UUID | None = None
    title: str
    created_at: datetime
    updated_at: datetime
    pinned: bool
    archived: bool
    running: bool


class ConversationPage(Schema):
    items: list[ConversationOut]
    next_cursor: str | None


class GenerationOut(Schema):
    id: UUID
    state: Literal["pending", "running"]
    user_message_id: UUID
    answer_id: UUID  # of the message that will be there at its end


class ConversationDetail(ConversationOut):
    """`messages` is the end of the active branch, oldest first; `previous_cursor` is the `before` of what precedes."""

    messages: list[MessageOut]
    previous_cursor: str | None
    generation: GenerationOut | None
    documents: list[DocumentOut]


class ConversationPatch(Schema):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[Name, StringConstraints(min_length=1)] | None = None
    pinned: bool | None = None
    archived: bool | None = None
    course_id: UUID | None = Field(default=None, description="Null takes it out of its course.")
    active_message_id: UUID | None = Field(
        default=None, description="Shows the branch of this message, down to the newest that follows it."
    )


class Abilities(Schema):
    model_config = ConfigDict(extra="ignore")

    stream: bool
    json_schema_: bool = Field(alias="json_schema")  # the name without its dash is a method of Schema
    images: bool
    continue_: bool = Field(alias="continue")


class ProviderOut(Schema):
    name: str
    label: str
    models: list[str]
    abilities: Abilities
    context_tokens: int
    prompt_budget_tokens: int
    weak: bool
    state: str


class ModelsOut(Schema):
    default: str | None
    providers: list[ProviderOut]
