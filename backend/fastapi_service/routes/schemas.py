"""Bodies of requests and answers. What is not named here is refused."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fastapi_service.providers.base import FinishReason, Message, Prompt, Role

MESSAGES_MAX = 500
CONTENT_MAX_CHARS = 500_000
OUTPUT_MAX_TOKENS = 131_072

Name = Annotated[str, Field(min_length=1, max_length=200)]


class MessageBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: Role
    content: Annotated[str, Field(min_length=1, max_length=CONTENT_MAX_CHARS)]


class PromptBody(BaseModel):
    """A prompt. `{"prompt": "…"}` alone is taken as one user message."""

    model_config = ConfigDict(extra="forbid")

    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=MESSAGES_MAX)]
    provider: Name | None = None
    model: Name | None = None
    temperature: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] | None = None
    max_output_tokens: Annotated[int, Field(ge=1, le=OUTPUT_MAX_TOKENS)] | None = None
    response_schema: dict[str, Any] | None = None  # Any: a JSON schema
    text_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = "answer"

    @model_validator(mode="before")
    @classmethod
    def _from_prompt_alone(cls, body: Any) -> Any:
        """Any: whatever the caller sent; the fields say what is wrong with it."""
        if isinstance(body, dict) and body.keys() == {"prompt"}:
            return {"messages": [{"role": "user", "content": body["prompt"]}]}
        return body

    def to_prompt(self) -> Prompt:
        return Prompt(
            messages=tuple(Message(message.role, message.content) for message in self.messages),
            temperature=self.temperature,
            max_output_tokens=self.max_output_tokens,
            response_schema=self.response_schema,
        )


class UsageReply(BaseModel):
    input_tokens: int
    output_tokens: int


class AttemptReply(BaseModel):
    provider: str
    outcome: str
    ms: int


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


class ModelsReply(BaseModel):
    default: str | None
    providers: list[ProviderReply]


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
