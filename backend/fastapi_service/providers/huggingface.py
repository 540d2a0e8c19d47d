"""HuggingFace: the router to many providers of open models, or a dedicated endpoint by its address."""

from typing import Any, cast

import httpx
import orjson
from huggingface_hub.inference._providers import get_provider_helper

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.request_log import current_request_id
from fastapi_service.providers.base import Prompt, Timeouts
from fastapi_service.providers.chat_completions import ChatCompletions

NO_TOKEN = "none"  # noqa: S105  for endpoints without one; with nothing the SDK would look for one on the disk


class HuggingFace(ChatCompletions):
    """A model's name may end in `:provider`, `:fastest` or `:cheapest`, which the router understands.

    Source: Hugging Face documentation, Inference Providers, "Chat Completion"; Inference Endpoints, "TGI", "vLLM".
    """

    name = "huggingface"
    default_label = "HuggingFace"
    default_base_url = "https://router.huggingface.co/v1"
    default_models = ("openai/gpt-oss-120b",)
    default_context_tokens = 131_072

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        super().__init__(settings, timeouts=timeouts, http_client=http_client)
        self._token = settings.api_key or NO_TOKEN

    async def open_answer(self, prompt: Prompt, model: str, *, stream: bool) -> httpx.Response:
        return await self.send(self._request(self.request_body(prompt, model, stream=stream)))

    def _request(self, body: dict[str, Any]) -> httpx.Request:
        """The request as the SDK's AsyncInferenceClient(base_url=…).chat_completion builds it.

        That client would send it through httpx2 and make an object of each chunk, and its public side has nothing
        between that and the arguments; so this asks the helper that it asks. For a base URL the helper looks up
        nothing on the hub.
        """
        # For a URL the helper rewrites the schema to TGI's old form, which the router does not know. TGI knows both.
        form = body.pop("response_format", None)
        helper = get_provider_helper(None, task="conversational", model=self.base_url)
        built = helper.prepare_request(
            inputs=body.pop("messages"),
            parameters=body,
            # The SDK's own user agent has what HF_HUB_USER_AGENT_ORIGIN says.
            headers={"X-Request-ID": current_request_id.get(), "user-agent": self.http.headers["user-agent"]},
            model=self.base_url,
            api_key=self._token,
        )
        content = cast(dict[str, Any], built.json) | ({"response_format": form} if form else {})
        return self.http.build_request("POST", built.url, headers=built.headers, content=orjson.dumps(content))
