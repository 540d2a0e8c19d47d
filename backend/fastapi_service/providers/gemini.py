"""Google's Gemini API: contents and parts in place of messages, and a path per model."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import httpx
import orjson
from google import genai
from google.genai.types import HttpOptions, HttpRetryOptions

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.request_log import current_request_id
from fastapi_service.providers.base import (
    Abilities,
    Delta,
    FinishReason,
    Image,
    Message,
    Part,
    Prompt,
    ReasoningDelta,
    TextDelta,
    Timeouts,
    Usage,
)
from fastapi_service.providers.http_provider import Ending, HttpProvider, count_in, text_in

API_VERSION = "v1beta"
ROLES = {"user": "user", "assistant": "model"}
FILTER_REASONS = frozenset({"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION", "SPII"})


class Gemini(HttpProvider):
    """Source: Gemini API reference, "Generating content" (generateContent, streamGenerateContent), "Thinking"."""

    name = "gemini"
    default_label = "Gemini"
    default_base_url = "https://generativelanguage.googleapis.com"
    default_models = ("gemini-flash-latest",)  # Google moves it on; a model of a fixed name is shut down after a year
    default_context_tokens = 1_048_576
    finish_reasons: ClassVar[Mapping[str, FinishReason]] = {"STOP": "stop", "MAX_TOKENS": "length"}
    abilities = Abilities(json_schema=True, images=True)

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        super().__init__(settings, timeouts=timeouts, http_client=http_client)
        options = HttpOptions(
            base_url=self.base_url,
            api_version=API_VERSION,
            httpx_async_client=self.http,
            retry_options=HttpRetryOptions(attempts=1),
        )
        # Said in full, since the SDK fills what is missing from the environment.
        self._sdk = genai.Client(vertexai=False, api_key=settings.api_key or "none", http_options=options)

    async def aclose(self) -> None:
        self._sdk.close()
        await super().aclose()

    async def open_answer(self, prompt: Prompt, model: str, *, stream: bool) -> httpx.Response:
        method = "streamGenerateContent?alt=sse" if stream else "generateContent"
        return await self.send(self._request(f"models/{model}:{method}", request_body(prompt, model)))

    def _request(self, path: str, body: dict[str, Any]) -> httpx.Request:
        """The request as the SDK builds it: address, key and its own headers.

        The SDK has no public way to the bytes of a stream: it makes an object of each chunk. This one private call
        only builds; sending it ourselves keeps the client's connect timeout, which the SDK's own call takes away.
        """
        built = self._sdk._api_client._build_request("post", path, body)
        headers = {**built.headers, "X-Request-ID": current_request_id.get()}
        return self.http.build_request("POST", built.url, headers=headers, content=orjson.dumps(body))

    def read_event(self, event: Mapping[str, Any], ending: Ending) -> Sequence[Delta]:
        if usage := event.get("usageMetadata"):
            written = count_in(usage.get("candidatesTokenCount")) + count_in(usage.get("thoughtsTokenCount"))
            ending.usage = Usage(count_in(usage.get("promptTokenCount")), written)
        candidates = event.get("candidates")
        if not candidates:
            ending.filtered = ending.filtered or bool((event.get("promptFeedback") or {}).get("blockReason"))
            return ()
        candidate = candidates[0]
        found: list[Delta] = []
        for part in (candidate.get("content") or {}).get("parts") or ():
            if not (text := part.get("text")):
                continue
            if part.get("thought"):
                found.append(ReasoningDelta(text_in(text)))
            else:
                found.append(TextDelta(text_in(text)))
                ending.has_text = True
        if reason := candidate.get("finishReason"):
            ending.reason = text_in(reason)
            ending.filtered = ending.filtered or reason in FILTER_REASONS
        return found


def request_body(prompt: Prompt, model: str) -> dict[str, Any]:
    """What is posted; Any: it is JSON."""
    config: dict[str, Any] = {}
    if prompt.temperature is not None:
        config["temperature"] = prompt.temperature
    if prompt.max_output_tokens is not None:
        config["maxOutputTokens"] = prompt.max_output_tokens
    if prompt.response_schema is not None:
        config |= {"responseMimeType": "application/json", "responseJsonSchema": prompt.response_schema}
    if model.startswith("gemini-"):  # Gemma is served here too, and refuses this
        config["thinkingConfig"] = {"includeThoughts": True}
    body: dict[str, Any] = {
        "contents": [_content(each) for each in prompt.messages if each.role != "system"],
        "generationConfig": config,
    }
    if told := [{"text": each.text} for each in prompt.messages if each.role == "system"]:
        body["systemInstruction"] = {"parts": told}
    return body


def _content(message: Message) -> dict[str, Any]:
    return {"role": ROLES[message.role], "parts": [_part(part) for part in message.parts]}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Image):
        return {"inlineData": {"mimeType": part.media_type, "data": part.data}}
    return {"text": part}
