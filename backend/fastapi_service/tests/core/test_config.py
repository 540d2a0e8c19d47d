import pytest

from environment import ConfigurationError, Environment
from fastapi_service.core.config import ProviderSettings, Settings, load_settings
from fastapi_service.providers.registry import chain_settings

SPECIFIED = {
    "FASTAPI_SECRET": "your-secret-key-here",
    "FASTAPI_PORT": "8001",
    "FASTAPI_WORKERS": "4",
    "FASTAPI_RELOAD": "false",
    "AZURE_OPENAI_API_KEY": "...",
    "DEEPSEEK_API_KEY": "...",
    "GEMINI_API_KEY": "...",
    "FASTAPI_ALLOWED_ORIGINS": "http://localhost:8000,...",
}


def load(**variables: str) -> Settings:
    return load_settings(Environment({"FASTAPI_SECRET": "a-secret", **variables}))


def chain(**variables: str) -> list[ProviderSettings]:
    return list(chain_settings(load(**variables)))


def test_the_specifications_own_block_is_enough() -> None:
    settings = load(**SPECIFIED)
    assert (settings.port, settings.workers, settings.reload) == (8001, 4, False)
    assert settings.allowed_origins == ("http://localhost:8000",)
    assert [(each.name, each.embedded) for each in chain_settings(settings)] == [("local", True)]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "worker"])
def test_the_sample_secret_is_refused_where_others_can_reach_the_worker(host: str) -> None:
    with pytest.raises(ConfigurationError, match="FASTAPI_SECRET"):
        load(**SPECIFIED, FASTAPI_HOST=host)


def test_no_secret_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FASTAPI_SECRET is not set"):
        load_settings(Environment({}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FASTAPI_PORT", "http"),
        ("FASTAPI_PORT", "0"),
        ("FASTAPI_WORKERS", "-1"),
        ("FASTAPI_RELOAD", "perhaps"),
        ("LLM_DEADLINE_SECONDS", "nan"),
        ("LOCAL_LLM_BASE_URL", "localhost:11434"),
        ("LOCAL_LLM_CONTEXT_TOKENS", "many"),
        ("EMBEDDINGS", "perhaps"),
        ("EMBEDDINGS_BASE_URL", "localhost:11434"),
        ("EMBEDDINGS_API_KEY", "“curved”"),
    ],
)
def test_a_value_that_cannot_work_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load(**{name: value})


def test_a_key_moves_to_the_cloud_and_leaves_the_embedded_model_out() -> None:
    assert [each.name for each in chain(DEEPSEEK_API_KEY="k")] == ["deepseek"]


def test_a_server_of_ones_own_stays_behind_the_cloud() -> None:
    found = chain(DEEPSEEK_API_KEY="k", LOCAL_LLM_BASE_URL="http://127.0.0.1:11434/v1/")
    assert [each.name for each in found] == ["deepseek", "local"]
    assert found[1].base_url == "http://127.0.0.1:11434/v1"
    assert not found[1].embedded


def test_the_order_is_the_operators() -> None:
    found = chain(DEEPSEEK_API_KEY="k", LLM_PROVIDERS="local, deepseek, gemini, local")
    assert [(each.name, each.embedded) for each in found] == [("local", True), ("deepseek", False)]


def test_an_unknown_name_in_the_order_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="'deepsek'"):
        chain(LLM_PROVIDERS="deepsek")


def test_an_order_of_providers_without_keys_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="LLM_PROVIDERS"):
        chain(LLM_PROVIDERS="deepseek")


def test_every_key_brings_its_provider_in_the_order_of_the_specification() -> None:
    azure = {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://a.test/", "AZURE_OPENAI_DEPLOYMENT": "d,e"}
    found = chain(**azure, DEEPSEEK_API_KEY="k", GEMINI_API_KEY="k", HUGGINGFACE_API_KEY="k")
    assert [each.name for each in found] == ["azure_openai", "deepseek", "gemini", "huggingface"]
    assert (found[0].base_url, found[0].models) == ("https://a.test", ("d", "e"))


@pytest.mark.parametrize("given", [{}, {"AZURE_OPENAI_ENDPOINT": "https://a.test"}, {"AZURE_OPENAI_DEPLOYMENT": "d"}])
def test_an_azure_key_alone_is_not_enough(given: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"AZURE_OPENAI_ENDPOINT.*AZURE_OPENAI_DEPLOYMENT"):
        load(AZURE_OPENAI_API_KEY="k", **given)


@pytest.mark.parametrize("value", ["sk-\u00e9", "\u201ck\u201d", "k\nk", "k\x7f", "\u200bk"])
@pytest.mark.parametrize(
    "name",
    ["AZURE_OPENAI_API_KEY", "DEEPSEEK_API_KEY", "GEMINI_API_KEY", "HUGGINGFACE_API_KEY", "LOCAL_LLM_API_KEY"],
)
def test_a_key_that_no_header_can_hold_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} holds") as raised:
        load(**{name: value})
    assert value not in str(raised.value)


def test_processes_share_a_limit() -> None:
    assert chain(FASTAPI_WORKERS="4", LOCAL_LLM_CONCURRENCY="10")[0].concurrency == 3


def test_who_reloads_has_one_process_with_all_of_the_limits() -> None:
    assert load(FASTAPI_RELOAD="true", FASTAPI_WORKERS="4").workers == 1
    assert chain(FASTAPI_RELOAD="true", FASTAPI_WORKERS="4", LOCAL_LLM_CONCURRENCY="10")[0].concurrency == 10


def test_weights_of_ones_own_give_the_embedded_model_its_name() -> None:
    assert chain(LOCAL_LLM_MODEL_PATH="/models/qwen3-4b.gguf")[0].models == ("qwen3-4b",)


def test_keys_and_secrets_are_not_shown() -> None:
    assert "a-secret" not in repr(load(DEEPSEEK_API_KEY="private-key"))
    assert "private-key" not in repr(load(DEEPSEEK_API_KEY="private-key"))


def test_embeddings_are_the_embedded_models_unless_another_server_is_named_or_they_are_off() -> None:
    embedded = load(EMBEDDINGS_PORT="18003").embeddings
    assert embedded is not None
    assert (embedded.base_url, embedded.embedded) == ("http://127.0.0.1:18003/v1", True)
    assert load(EMBEDDINGS="off").embeddings is None
    other = load(EMBEDDINGS_BASE_URL="http://ollama:11434/v1/", EMBEDDINGS_MODEL="bge-m3").embeddings
    assert other is not None
    assert (other.base_url, other.model, other.embedded) == ("http://ollama:11434/v1", "bge-m3", False)
    with pytest.raises(ConfigurationError, match="EMBEDDINGS_MODEL"):
        load(EMBEDDINGS_BASE_URL="http://ollama:11434/v1")
    elsewhere = load(EMBEDDINGS_BASE_URL="http://embeddings:8003/v1", EMBEDDINGS_EMBEDDED="true").embeddings
    assert elsewhere is not None
    assert elsewhere.embedded
    assert elsewhere.model == embedded.model
