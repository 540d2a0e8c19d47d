"""Bodies of the route of embeddings. What is not named here is refused."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from fastapi_service.providers.embeddings import Kind

TEXTS_MAX = 64
TEXT_MAX_CHARS = 8000


class EmbeddingsBody(BaseModel):
    """`kind`: whether the texts are questions, or passages that may answer them."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=TEXT_MAX_CHARS)]],
        Field(min_length=1, max_length=TEXTS_MAX),
    ]
    kind: Kind


class EmbeddingsReply(BaseModel):
    """Unit vectors, one for each text, in their order."""

    model: str
    dimension: int
    vectors: list[list[float]]
