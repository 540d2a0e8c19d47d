"""What a provider is to the rest of the worker: a prompt goes in, deltas or an answer come out."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "other"]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for a model that sees: `media_type` such as image/png, `data` in base64."""

    media_type: str
    data: str


Part = str | Image


@dataclass(frozen=True, slots=True)
class Message:
    """`content` is a text, or texts and images in the order in which they stand."""

    role: Role
    content: str | tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.content,) if isinstance(self.content, str) else self.content

    @property
    def text(self) -> str:
        return "\n".join(part for part in self.parts if isinstance(part, str))

    @property
    def has_images(self) -> bool:
        return any(isinstance(part, Image) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model.

    `response_schema` is a JSON schema that the answer must satisfy. `continue_from` is the beginning of the answer,
    which the model is to go on from; an adapter sees it only where its `abilities.continues`.
    """

    messages: tuple[Message, ...]
    temperature: float | None = None
    max_output_tokens: int | None = None
    response_schema: dict[str, Any] | None = None  # Any: a JSON schema
    continue_from: str = ""

    @property
    def has_images(self) -> bool:
        return any(message.has_images for message in self.messages)

    @property
    def asks_about_images(self) -> bool:
        """Whether the images are what is asked about, and do not only stand in what was said before."""
        return self.messages[-1].has_images


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer: why it ended and what it used."""

    finish_reason: FinishReason
    usage: Usage


Delta = TextDelta | ReasoningDelta | Finished


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    text: str
    reasoning: str
    finished: Finished


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a provider's API can do by itself.

    `json_schema`: holds its answer to a schema. `continues`: takes the beginning of an answer as its own and goes on
    from there; the others are asked to in words.
    """

    stream: bool = True
    json_schema: bool = False
    images: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a provider, in seconds. Reasoning counts as tokens."""

    connect_s: float
    first_token_s: float
    between_tokens_s: float
    total_s: float


class Provider(ABC):
    """One source of answers. It opens its client within the event loop's life and closes it there."""

    name: ClassVar[str]
    label: str
    models: tuple[str, ...]
    abilities: Abilities
    context_tokens: int
    prompt_budget_tokens: int
    concurrency: int
    weak: bool = False

    @abstractmethod
    async def aclose(self) -> None:
        """Close the client and its connections."""

    @abstractmethod
    async def model_for(self, requested: str | None) -> str:
        """The model to ask: the requested one, else the default. Raises: InvalidInput, ProviderError."""

    @abstractmethod
    def stream(self, prompt: Prompt, *, model: str) -> AsyncGenerator[Delta, None]:
        """Yield deltas in order, then exactly one Finished. Closing the iterator closes the provider's socket.

        Raises: ProviderError and its kinds; no error of httpx or of a vendor's library gets out.
        """

    @abstractmethod
    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        """The whole answer at once. Raises: as `stream`."""
