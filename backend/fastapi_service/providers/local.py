"""Any OpenAI-compatible server at LOCAL_LLM_BASE_URL: the embedded model's, Ollama, llama.cpp, vLLM."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

import httpx
from openai import AsyncStream

from fastapi_service.core.config import LOCAL, ProviderSettings
from fastapi_service.core.errors import ModelNotFound
from fastapi_service.providers.base import Answer, Prompt, Timeouts
from fastapi_service.providers.http_errors import garbled, reading
from fastapi_service.providers.http_provider import bounded_body
from fastapi_service.providers.openai_compatible import OpenAICompatible, sdk_errors
from fastapi_service.providers.sse_json import json_object

EMBEDDED_LABEL = "The small built-in model"
EMBEDDED_MODEL = "smollm2-135m-instruct"
EMBEDDED_CONTEXT_TOKENS = 4096
EMBEDDED_PROMPT_TOKENS = 1000  # it reads about 100 tokens/s on a busy machine: the first token within seconds
EMBEDDED_OUTPUT_TOKENS = 400  # it does not always find an end by itself, and what comes later is no better
NAMES_SECONDS = 60.0  # for so long the models that a server has named are believed to be there


class Local(OpenAICompatible):
    """A model on the operator's own machines. Where LOCAL_LLM_MODEL names none, the server's first one is asked.

    `models` are then those that the server named lately; empty: they are not known.
    """

    name = LOCAL
    default_label = "The local model"

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        # The embedded model's server drops a kept connection after a stream; the next request on it would fail.
        self.keep_alive = not settings.embedded
        super().__init__(settings, timeouts=timeouts, http_client=http_client)
        self.weak = settings.embedded
        self.abilities = replace(self.abilities, images=settings.images and not settings.embedded)
        if settings.embedded:
            self.label = EMBEDDED_LABEL
            self.models = settings.models or (EMBEDDED_MODEL,)
            self.context_tokens = settings.context_tokens or EMBEDDED_CONTEXT_TOKENS
            self.prompt_budget_tokens = EMBEDDED_PROMPT_TOKENS
            # llama.cpp goes on from a last message of the assistant; what other servers do with it is not settled.
            self.abilities = replace(self.abilities, continues=True)

        self._configured = self.models
        self._forgetting: asyncio.TimerHandle | None = None

    async def aclose(self) -> None:
        self._forget_names()
        await super().aclose()

    async def model_for(self, requested: str | None) -> str:
        if not self.models:
            found = await self._served_models()
            self._forget_names()
            self.models = found
            self._forgetting = asyncio.get_running_loop().call_later(NAMES_SECONDS, self._forget_names)
        return await super().model_for(requested)

    async def open_answer(self, prompt: Prompt, model: str, *, stream: bool) -> httpx.Response:
        try:
            return await super().open_answer(prompt, model, stream=stream)
        except ModelNotFound:
            self._forget_names()
            raise

    def request_body(self, prompt: Prompt, model: str, *, stream: bool) -> dict[str, Any]:
        body = super().request_body(prompt, model, stream=stream)
        if self.weak:
            body["max_tokens"] = min(body.get("max_tokens", EMBEDDED_OUTPUT_TOKENS), EMBEDDED_OUTPUT_TOKENS)
        return body

    async def complete(self, prompt: Prompt, *, model: str) -> Answer:
        answer = await super().complete(prompt, model=model)
        # llama.cpp begins a whole answer with what it went on from, and a stream with what is new.
        return replace(answer, text=answer.text.removeprefix(prompt.continue_from))

    def _forget_names(self) -> None:
        """Let the server be asked again."""
        self.models = self._configured
        if self._forgetting is not None:
            self._forgetting.cancel()

    async def _served_models(self) -> tuple[str, ...]:
        with sdk_errors(self):
            response = cast(
                httpx.Response,
                await self.sdk.get("/models", cast_to=httpx.Response, stream=True, stream_cls=AsyncStream[Any]),
            )
        async with reading(self), aclosing(response):
            page = json_object(await bounded_body(response))
        try:
            names = tuple(str(model["id"]) for model in page["data"])
        except (LookupError, TypeError) as error:
            raise garbled(self) from error
        if not names:
            told = "The local model's server has no model yet."
            raise ModelNotFound(told, provider=self.name, reason="no_model")
        return names
