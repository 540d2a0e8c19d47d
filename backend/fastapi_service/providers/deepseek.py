"""DeepSeek: chat completions with thinking in a field of its own, JSON without a schema, and prefix completion."""

from typing import Any

from fastapi_service.providers.base import Abilities, Finished, Prompt
from fastapi_service.providers.http_errors import overloaded
from fastapi_service.providers.http_provider import Ending
from fastapi_service.providers.openai_compatible import OpenAICompatible

INTERRUPTED = "insufficient_system_resource"


class DeepSeek(OpenAICompatible):
    """Source: DeepSeek API documentation, "Create Chat Completion", "JSON Output", "Chat Prefix Completion (Beta)"."""

    name = "deepseek"
    default_label = "DeepSeek"
    default_base_url = "https://api.deepseek.com"
    default_models = ("deepseek-v4-flash", "deepseek-v4-pro")
    default_context_tokens = 1_000_000
    prefill = {"prefix": True}  # noqa: RUF012  never changed
    abilities = Abilities(continues=True)

    def path_for(self, prompt: Prompt) -> str:
        if not prompt.continue_from:
            return super().path_for(prompt)
        # Going on from a given beginning is a beta feature, whose address stands beside those of the versions.
        host = self.base_url.removesuffix("/v1").removesuffix("/beta")
        return f"{host}/beta/chat/completions"

    def response_format(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "json_object"}

    def finished(self, ending: Ending) -> Finished:
        if ending.reason == INTERRUPTED:
            raise overloaded(self)
        return super().finished(ending)
