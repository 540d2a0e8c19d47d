"""Azure OpenAI: deployments of OpenAI's models at an endpoint of one's own."""

from typing import Any

from openai import AsyncAzureOpenAI, AsyncOpenAI

from fastapi_service.core.config import AZURE, ProviderSettings
from fastapi_service.providers.base import Abilities
from fastapi_service.providers.openai_compatible import NO_KEY, OpenAICompatible

API_VERSION = "2024-10-21"  # the latest that is generally available by date


class AzureOpenAI(OpenAICompatible):
    """`base_url` is the endpoint, such as https://your-resource.openai.azure.com; a model is a deployment's name.

    Source: Microsoft Learn, "Azure OpenAI in Azure AI Foundry Models REST API reference", Chat completions.
    """

    name = AZURE
    default_label = "Azure OpenAI"
    default_context_tokens = 128_000
    # A deployment's name does not tell its model. The reasoning models refuse max_tokens; all know this one.
    output_limit = "max_completion_tokens"
    abilities = Abilities(json_schema=True, images=True)

    def open_sdk(self, settings: ProviderSettings, http_client: Any) -> AsyncOpenAI:  # Any: as in the base
        return AsyncAzureOpenAI(
            azure_endpoint=self.base_url,
            api_version=settings.api_version or API_VERSION,
            api_key=settings.api_key or NO_KEY,
            max_retries=0,
            http_client=http_client,
        )
