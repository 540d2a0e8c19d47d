"""Any OpenAI-compatible server at LOCAL_LLM_BASE_URL: the embedded model's, Ollama, llama.cpp, vLLM."""

from typing import Any

import httpx
import orjson

from fastapi_service.core.config import LOCAL, ProviderSettings
from fastapi_service.core.errors import ProviderUnavailable
from fastapi_service.providers.base import Prompt, Timeouts
from fastapi_service.providers.openai_compatible import OpenAICompatible
from fastapi_service.providers.openai_errors import garbled, map_errors

EMBEDDED_LABEL = "The small built-in model"
EMBEDDED_MODEL = "smollm2-135m-instruct"
EMBEDDED_CONTEXT_TOKENS = 4096
EMBEDDED_PROMPT_TOKENS = 1000  # it reads about 100 tokens/s on a busy machine: the first token within seconds
EMBEDDED_OUTPUT_TOKENS = 400  # it does not always find an end by itself, and what comes later is no better


class Local(OpenAICompatible):
    """A model on the operator's own machines. Where LOCAL_LLM_MODEL names none, the server's first one is asked."""

    name = LOCAL
    default_label = "The local model"

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        # The embedded model's server drops a kept connection after a stream; the next request on it would fail.
        self.keep_alive = not settings.embedded
        super().__init__(settings, timeouts=timeouts, http_client=http_client)
        self.weak = settings.embedded
        if settings.embedded:
            self.label = EMBEDDED_LABEL
            self.models = settings.models or (EMBEDDED_MODEL,)
            self.context_tokens = settings.context_tokens or EMBEDDED_CONTEXT_TOKENS
            self.prompt_budget_tokens = EMBEDDED_PROMPT_TOKENS

    async def model_for(self, requested: str | None) -> str:
        if not self.models:
            self.models = await self._served_models()
        return await super().model_for(requested)

    def request_body(self, prompt: Prompt, model: str) -> dict[str, Any]:
        body = super().request_body(prompt, model)
        if self.weak:
            body.setdefault("max_tokens", EMBEDDED_OUTPUT_TOKENS)
        return body

    async def _served_models(self) -> tuple[str, ...]:
        with map_errors(self.name, self.label):
            page = await self._sdk.models.with_raw_response.list()
        try:
            names = tuple(str(model["id"]) for model in orjson.loads(page.content)["data"])
        except (orjson.JSONDecodeError, LookupError, TypeError) as error:
            raise garbled(self.name, self.label) from error
        if not names:
            raise ProviderUnavailable(
                "The local model's server has no model yet.", provider=self.name, reason="no_model"
            )
        return names
