"""Bodies of requests and answers. What is not named here is refused."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fastapi_service.providers.base import FinishReason, Image, Message, Part, Prompt, Role

MESSAGES_MAX = 500
CONTENT_MAX_CHARS = 500_000
PARTS_MAX = 50
IMAGES_MAX = 5  # all of them, as the gateway makes them, fit into the largest body
IMAGE_MAX_CHARS = 5 * 1024 * 1024  # in base64, so three quarters of it as a file
OUTPUT_MAX_TOKENS = 131_072
IMAGE_BEGINNINGS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}

Name = Annotated[str, Field(min_length=1, max_length=200)]
Content = Annotated[str, Field(min_length=1, max_length=CONTENT_MAX_CHARS)]


class TextPartBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    type: Literal["text"]
    text: Content

    def to_part(self) -> Part:
        return self.text


class ImagePartBody(BaseModel):
    """A picture, in base64; what it is has to be what `media_type` says."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["image"]
    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp"]
    data: Annotated[str, Field(min_length=4, max_length=IMAGE_MAX_CHARS)]

    @model_validator(mode="after")
    def _is_an_image(self) -> Self:
        try:
            picture = b64decode(self.data, validate=True)
        except ValueError:
            raise ValueError("data is not base64") from None
        if not picture.startswith(IMAGE_BEGINNINGS[self.media_type]):
            raise ValueError("data is no image of this media_type")
        return self

    def to_part(self) -> Part:
        return Image(self.media_type, self.data)


PartBody = Annotated[TextPartBody | ImagePartBody, Field(discriminator="type")]


class MessageBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Role
    content: Content | Annotated[list[PartBody], Field(min_length=1, max_length=PARTS_MAX)]

    def to_message(self) -> Message:
        if isinstance(self.content, str):
            return Message(self.role, self.content)
        return Message(self.role, tuple(part.to_part() for part in self.content))


class PromptBody(BaseModel):
    """A prompt. `{"prompt": "…"}` alone is taken as one user message."""

    model_config = ConfigDict(extra="forbid")

    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=MESSAGES_MAX)]
    provider: Name | None = None
    model: Name | None = None
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    max_output_tokens: Annotated[int, Field(ge=1, le=OUTPUT_MAX_TOKENS)] | None = None
    response_schema: dict[str, Any] | None = None  # Any: a JSON schema
    continue_from: Annotated[str, Field(max_length=CONTENT_MAX_CHARS)] = ""
    text_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = "answer"

    @model_validator(mode="before")
    @classmethod
    def _from_prompt_alone(cls, body: Any) -> Any:
        """Any: whatever the caller sent; the fields say what is wrong with it."""
        if isinstance(body, dict) and body.keys() == {"prompt"}:
            return {"messages": [{"role": "user", "content": body["prompt"]}]}
        return body

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.messages[-1].role != "user":
            raise ValueError("the last message must be the user's; the beginning of an answer is `continue_from`")
        if self.response_schema is not None and self.continue_from:
            raise ValueError("an answer that must satisfy a schema cannot be continued")
        images = [part for part in self._parts() if isinstance(part, ImagePartBody)]
        if len(images) > IMAGES_MAX:
            raise ValueError(f"at most {IMAGES_MAX} images")
        return self

    def _parts(self) -> Iterator[TextPartBody | ImagePartBody]:
        for message in self.messages:
            if not isinstance(message.content, str):
                yield from message.content

    def to_prompt(self) -> Prompt:
        return Prompt(
            messages=tuple(message.to_message() for message in self.messages),
            temperature=self.temperature,
            max_output_tokens=self.max_output_tokens,
            response_schema=self.response_schema,
            continue_from=self.continue_from,
        )


class UsageReply(BaseModel):
    input_tokens: int
    output_tokens: int


class AttemptReply(BaseModel):
    """One try: `ok` or why not. Where the provider did not say its usage, the output is counted by deltas."""

    provider: str
    model: str
    outcome: str
    ms: int
    first_token_ms: int | None
    input_tokens: int | None
    output_tokens: int


class ChatbotReply(BaseModel):
    response: str
    provider: str
    model: str
    usage: UsageReply
    finish_reason: FinishReason
    attempts: list[AttemptReply]


class AbilitiesReply(BaseModel):
    """`continue`: takes the beginning of an answer and goes on from there."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    stream: bool
    json_schema: bool
    images: bool
    continues: Annotated[bool, Field(alias="continue")]


class ProviderReply(BaseModel):
    name: str
    label: str
    models: list[str]
    abilities: AbilitiesReply
    context_tokens: int
    prompt_budget_tokens: int
    weak: bool
    state: str


class EmbeddingsModelReply(BaseModel):
    model: str
    dimension: int


class ModelsReply(BaseModel):
    """`embeddings`: null where there is no model for them, or it has not answered yet."""

    default: str | None
    providers: list[ProviderReply]
    embeddings: EmbeddingsModelReply | None


class HealthReply(BaseModel):
    status: str
    providers: dict[str, str]


class ProblemReply(BaseModel):
    """A problem document, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
