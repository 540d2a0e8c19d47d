"""The list of adapters. Only the modules of configured providers are imported: an SDK costs a second and 50 MB."""

import importlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import cast

from environment import ConfigurationError
from fastapi_service.core.config import AZURE, KEY_VARIABLES, LOCAL, ProviderSettings, Settings
from fastapi_service.providers.base import Provider, Timeouts
from fastapi_service.providers.embeddings import Embeddings

ADAPTERS = {
    AZURE: ("fastapi_service.providers.azure_openai", "AzureOpenAI"),
    "deepseek": ("fastapi_service.providers.deepseek", "DeepSeek"),
    "gemini": ("fastapi_service.providers.gemini", "Gemini"),
    "huggingface": ("fastapi_service.providers.huggingface", "HuggingFace"),
    LOCAL: ("fastapi_service.providers.local", "Local"),
}


def chain_settings(settings: Settings) -> tuple[ProviderSettings, ...]:
    """The configured providers in the order in which they are tried: LLM_PROVIDERS', else cloud before local.

    The embedded model is among them only where it is listed, or where there is nothing else.
    Raises: ConfigurationError.
    """
    configured = {provider.name: provider for provider in settings.providers}
    if settings.provider_order:
        for name in settings.provider_order:
            if name not in KEY_VARIABLES and name != LOCAL:
                known = ", ".join((*KEY_VARIABLES, LOCAL))
                raise ConfigurationError(f"LLM_PROVIDERS names {name!r}, which is none of: {known}.")
        chain = tuple(configured[name] for name in dict.fromkeys(settings.provider_order) if name in configured)
        if not chain:
            raise ConfigurationError(
                "None of the providers that LLM_PROVIDERS lists can be used; set the key of one, or add local to it."
            )
        return chain
    chosen = tuple(provider for provider in configured.values() if not provider.embedded)
    return chosen or tuple(configured.values())


@asynccontextmanager
async def open_providers(settings: Settings) -> AsyncIterator[tuple[Provider, ...]]:
    """The chain's providers with their clients open; they are closed when the block is left."""
    timeouts = timeouts_of(settings)
    async with AsyncExitStack() as stack:
        providers = []
        for provider_settings in chain_settings(settings):
            module, name = ADAPTERS[provider_settings.name]
            adapter = getattr(importlib.import_module(module), name)
            provider = cast(Provider, adapter(provider_settings, timeouts=timeouts))
            stack.push_async_callback(provider.aclose)
            providers.append(provider)
        yield tuple(providers)


@asynccontextmanager
async def open_embeddings(settings: Settings) -> AsyncIterator[Embeddings | None]:
    """The client for embeddings, None where they are turned off; it is closed when the block is left."""
    if settings.embeddings is None:
        yield None
        return
    async with aclosing(Embeddings(settings.embeddings, connect_s=settings.connect_s)) as embeddings:
        yield embeddings


def timeouts_of(settings: Settings) -> Timeouts:
    return Timeouts(
        connect_s=settings.connect_s,
        first_token_s=settings.first_token_s,
        between_tokens_s=settings.between_tokens_s,
        total_s=settings.deadline_s,
    )
