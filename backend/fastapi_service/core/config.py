"""The worker's settings; the only place of the worker that reads them from the environment."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from environment import ConfigurationError, Environment

LOCAL = "local"
AZURE = "azure_openai"
# The variable that holds each cloud provider's key, in the order in which they are tried.
KEY_VARIABLES = {
    AZURE: "AZURE_OPENAI_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "huggingface": "HUGGINGFACE_API_KEY",
}
# The folder in which the processes of one worker keep their figures for each other. prometheus_client reads this
# variable when it is imported, which must come after run.py has set it.
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
EMBEDDED_CONCURRENCY = 2  # the slots of local_model
EMBEDDED_EMBEDDINGS = "multilingual-e5-small-q4"  # the model of embedding_model
DEFAULT_CONCURRENCY = 1000


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What the operator says about one provider; empty values are the adapter's to fill."""

    name: str
    api_key: str = field(default="", repr=False)
    base_url: str = ""
    models: tuple[str, ...] = ()
    api_version: str = ""
    concurrency: int = DEFAULT_CONCURRENCY
    context_tokens: int = 0
    embedded: bool = False
    images: bool = False


@dataclass(frozen=True, slots=True)
class EmbeddingsSettings:
    """The server that turns texts into vectors. The embedded one is told which texts are questions."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    embedded: bool = False
    timeout_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one worker process; times in seconds."""

    secrets: tuple[str, ...] = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8001
    workers: int = 1
    reload: bool = False
    allowed_origins: tuple[str, ...] = ()
    providers: tuple[ProviderSettings, ...] = ()
    provider_order: tuple[str, ...] = ()
    embeddings: EmbeddingsSettings | None = None
    queue_length: int = 32
    tries: int = 3
    breaker_failures: int = 5
    breaker_open_s: float = 5.0
    connect_s: float = 10.0
    deadline_s: float = 180.0
    first_token_s: float = 60.0
    between_tokens_s: float = 30.0


def load_settings(environment: Environment | None = None) -> Settings:
    """Read and check everything once. Raises: ConfigurationError, one sentence that says what to do."""
    env = environment or Environment.load()
    host = env.text("FASTAPI_HOST", "127.0.0.1")
    reload = env.flag("FASTAPI_RELOAD")
    # Who reloads serves with one process, which must not have a share of the limits only.
    workers = 1 if reload else env.integer("FASTAPI_WORKERS", 1, at_least=1)
    return Settings(
        secrets=tuple(env.secrets("FASTAPI_SECRET", exposed=not _is_loopback(host))),
        host=host,
        port=env.integer("FASTAPI_PORT", 8001, at_least=1),
        workers=workers,
        reload=reload,
        allowed_origins=tuple(env.items("FASTAPI_ALLOWED_ORIGINS")),
        providers=(*_keyed_providers(env, workers), _local_provider(env, workers)),
        provider_order=tuple(env.items("LLM_PROVIDERS")),
        embeddings=_embeddings(env),
        queue_length=env.integer("LLM_QUEUE_LENGTH", 32),
        tries=env.integer("LLM_TRIES", 3, at_least=1),
        breaker_failures=env.integer("LLM_BREAKER_FAILURES", 5, at_least=1),
        breaker_open_s=env.seconds("LLM_BREAKER_OPEN_SECONDS", 5),
        connect_s=env.seconds("LLM_CONNECT_SECONDS", 10),
        deadline_s=env.seconds("LLM_DEADLINE_SECONDS", 180),
        first_token_s=env.seconds("LLM_FIRST_TOKEN_SECONDS", 60),
        between_tokens_s=env.seconds("LLM_BETWEEN_TOKENS_SECONDS", 30),
    )


def _keyed_providers(env: Environment, workers: int) -> list[ProviderSettings]:
    return [_keyed_provider(env, name, workers) for name, variable in KEY_VARIABLES.items() if env.text(variable)]


def _keyed_provider(env: Environment, name: str, workers: int) -> ProviderSettings:
    prefix = name.upper()
    settings = ProviderSettings(
        name=name,
        api_key=_key(env, KEY_VARIABLES[name]),
        # Azure calls its address an endpoint and its models deployments.
        base_url=_url(env, f"{prefix}_BASE_URL") or _url(env, f"{prefix}_ENDPOINT"),
        models=tuple(env.items(f"{prefix}_MODEL") or env.items(f"{prefix}_DEPLOYMENT")),
        api_version=env.text(f"{prefix}_API_VERSION"),
        context_tokens=env.integer(f"{prefix}_CONTEXT_TOKENS", 0),
        concurrency=_concurrency(env, name, DEFAULT_CONCURRENCY, workers),
    )
    if name == AZURE and not (settings.base_url and settings.models):
        raise ConfigurationError(
            "AZURE_OPENAI_API_KEY is set, which also needs AZURE_OPENAI_ENDPOINT (such as "
            "https://your-resource.openai.azure.com) and AZURE_OPENAI_DEPLOYMENT (the name of your deployment)."
        )
    return settings


def _local_provider(env: Environment, workers: int) -> ProviderSettings:
    given_url = _url(env, "LOCAL_LLM_BASE_URL")
    # Where no server is named, the one that is meant is our own.
    embedded = env.flag("LOCAL_LLM_EMBEDDED", default=not given_url)
    port = env.integer("LOCAL_LLM_PORT", 8002, at_least=1)
    return ProviderSettings(
        name=LOCAL,
        api_key=_key(env, "LOCAL_LLM_API_KEY"),
        base_url=given_url or f"http://127.0.0.1:{port}/v1",
        models=tuple(env.items("LOCAL_LLM_MODEL")) or _weights_name(env, embedded),
        concurrency=_concurrency(env, "local_llm", EMBEDDED_CONCURRENCY if embedded else DEFAULT_CONCURRENCY, workers),
        context_tokens=env.integer("LOCAL_LLM_CONTEXT_TOKENS", 0),
        embedded=embedded,
        images=env.flag("LOCAL_LLM_IMAGES"),
    )


def _embeddings(env: Environment) -> EmbeddingsSettings | None:
    """None where they are turned off. Raises: ConfigurationError."""
    if not env.flag("EMBEDDINGS", default=True):
        return None
    given_url = _url(env, "EMBEDDINGS_BASE_URL")
    embedded = env.flag("EMBEDDINGS_EMBEDDED", default=not given_url)
    model = env.text("EMBEDDINGS_MODEL", EMBEDDED_EMBEDDINGS if embedded else "")
    if not model:
        raise ConfigurationError(
            "EMBEDDINGS_BASE_URL is set, which also needs EMBEDDINGS_MODEL: the name of that server's embedding model."
        )
    port = env.integer("EMBEDDINGS_PORT", 8003, at_least=1)
    return EmbeddingsSettings(
        base_url=given_url or f"http://127.0.0.1:{port}/v1",
        model=model,
        api_key=_key(env, "EMBEDDINGS_API_KEY"),
        embedded=embedded,
        timeout_s=env.seconds("EMBEDDINGS_TIMEOUT_SECONDS", 120),
    )


def _weights_name(env: Environment, embedded: bool) -> tuple[str, ...]:
    """The name that the embedded server gives to weights of the operator's own."""
    path = env.text("LOCAL_LLM_MODEL_PATH")
    return (Path(path).stem,) if path and embedded else ()


def _concurrency(env: Environment, name: str, default: int, workers: int) -> int:
    """This process's share of the limit, rounded up: processes do not see each other's requests."""
    return -(-env.integer(f"{name.upper()}_CONCURRENCY", default, at_least=1) // workers)


def _key(env: Environment, name: str) -> str:
    """A key as a header can hold it; another would only fail at the first request."""
    value = env.text(name)
    if not (value.isascii() and value.isprintable()):
        raise ConfigurationError(f"{name} holds a character that no key has, such as a curved quote; copy it again.")
    return value


def _url(env: Environment, name: str) -> str:
    value = env.text(name).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ConfigurationError(f"{name} is {value!r}; write an address that begins with http:// or https://.")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
