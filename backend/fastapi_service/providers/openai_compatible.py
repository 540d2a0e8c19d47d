"""Chat completions through the openai SDK: it builds the request, authenticates and knows the URLs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx
import openai
from openai import AsyncOpenAI, AsyncStream

from fastapi_service.core.config import ProviderSettings
from fastapi_service.core.request_log import current_request_id
from fastapi_service.providers.base import Prompt, Provider, Timeouts
from fastapi_service.providers.chat_completions import ChatCompletions
from fastapi_service.providers.http_errors import garbled, not_opened, opening

NO_KEY = "none"  # servers without keys ignore it; the SDK insists on one


class OpenAICompatible(ChatCompletions):
    """A server that speaks OpenAI's chat completions. Subclasses say who and what."""

    def __init__(
        self, settings: ProviderSettings, *, timeouts: Timeouts, http_client: httpx.AsyncClient | None = None
    ) -> None:
        super().__init__(settings, timeouts=timeouts, http_client=http_client)
        # The SDK is typed for httpx2 only, and takes a client of httpx as well (its `is_legacy_httpx_async_client`).
        self.sdk = self.open_sdk(settings, cast(Any, self.http))
        _forget_environment(self.sdk)

    def open_sdk(self, settings: ProviderSettings, http_client: Any) -> AsyncOpenAI:  # Any: see above
        return AsyncOpenAI(
            api_key=settings.api_key or NO_KEY, base_url=self.base_url, max_retries=0, http_client=http_client
        )

    def path_for(self, prompt: Prompt) -> str:
        return "/chat/completions"

    async def open_answer(self, prompt: Prompt, model: str, *, stream: bool) -> httpx.Response:
        """Ask once.

        The SDK's `chat.completions.create` would first walk through the whole prompt: 1 ms for one message, and
        more with each. Its `post` leaves that out, and builds, authenticates and names errors all the same.
        """
        with sdk_errors(self):
            response = await self.sdk.post(
                self.path_for(prompt),
                cast_to=httpx.Response,
                body=self.request_body(prompt, model, stream=stream),
                options={"headers": {"X-Request-ID": current_request_id.get()}},
                stream=True,
                stream_cls=AsyncStream[Any],  # asked for, but not used: `cast_to` gives the response itself
            )
        return cast(httpx.Response, response)


def _forget_environment(sdk: AsyncOpenAI) -> None:
    """Take out what the SDK has read from variables that are meant for OpenAI, and would tell to anybody.

    Arguments cannot keep it from that. The headers of OPENAI_CUSTOM_HEADERS have no public name.
    """
    sdk.organization = sdk.project = sdk.admin_api_key = sdk.webhook_secret = None
    sdk._custom_headers = {}


@contextmanager
def sdk_errors(by: Provider) -> Iterator[None]:
    """Raise the SDK's errors, and those of the transport that it lets through, as ours."""
    try:
        with opening(by):
            yield
    except openai.APIConnectionError as error:
        raise not_opened(by, error.__cause__) from error
    except openai.OpenAIError as error:
        raise garbled(by) from error
