"""Any OpenAI-compatible server at LOCAL_LLM_BASE_URL: the embedded model's, Ollama, llama.cpp, vLLM."""

from dataclasses import replace
from typing import Any

import httpx

from fastapi_service.core.config import LOCAL, ProviderSettings
from fastapi_service.core.errors import ModelNotFound
from fastapi_service.providers.base import Answer, Prompt, Timeouts
from fastapi_service.providers.http_errors import garbled
from fastapi_service.providers.openai_compatible import OpenAICompatible, sdk_errors
from fastapi_service.providers.sse_json import GarbledStream, json_object

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
            # llama.cpp goes on from a last message of the assistant; what other servers do with it is not settled.
            self.abilities = replace(self.abilities, continues=True)

    async def model_for(self, requested: str | None) -> str:
        if not self.models:
            self.models = await self._served_models()
        return await super().model_for(requested)

    def request_body(self, prompt: Prompt, model: str, *, stream: bool) -> dict[str, Any]:
        body = super().request_body(prompt, model, stream=stream)
        if self.weak:
            body.setdefault("max_tokens", EMBEDDED_OUTPUT_TOKENS)
        return body

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        answer = await super().complete(prompt, model=model)
        # llama.cpp begins a whole answer with what it went on from, and a stream with what is new.
        return replace(answer, text=answer.text.removeprefix(prompt.continue_from))

    async def _served_models(self) -> tuple[str, ...]:
        with sdk_errors(self):
            page = await self.sdk.models.with_raw_response.list()
        try:
            names = tuple(str(model["id"]) for model in json_object(page.content)["data"])
        except (GarbledStream, LookupError, TypeError) as error:
            raise garbled(self) from error
        if not names:
            told = "The local model's server has no model yet."
            raise ModelNotFound(told, provider=self.name, reason="no_model")
        return names
