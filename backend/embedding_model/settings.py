"""What the embedding model's process is told by the environment."""

from dataclasses import dataclass, field

from environment import Environment
from machine import usable_cores

BUNDLED_MODEL = "multilingual-e5-small-q4"


@dataclass(frozen=True, slots=True)
class EmbeddingModelSettings:
    """Where to listen. `threads` are those that one text may be computed with."""

    host: str
    port: int
    model: str
    threads: int
    api_key: str = field(default="", repr=False)


def load_settings(environment: Environment | None = None) -> EmbeddingModelSettings:
    """Raises: ConfigurationError, one sentence that says what to do."""
    env = environment or Environment.load()
    return EmbeddingModelSettings(
        host=env.text("EMBEDDINGS_HOST", "127.0.0.1"),
        port=env.integer("EMBEDDINGS_PORT", 8003, at_least=1),
        model=env.text("EMBEDDINGS_MODEL", BUNDLED_MODEL),
        # The rest is for whoever waits for an answer.
        threads=env.integer("EMBEDDINGS_THREADS", max(1, usable_cores() // 2), at_least=1),
        api_key=env.text("EMBEDDINGS_API_KEY"),
    )
