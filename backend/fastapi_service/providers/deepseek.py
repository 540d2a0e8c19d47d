from collections.abc import Iterator, Mapping
from typing import Any

from fastapi_service.providers.base import Abilities, Delta, ReasoningDelta
from fastapi_service.providers.openai_compatible import OpenAICompatible


class DeepSeek(OpenAICompatible):
    """DeepSeek chat API. Source: DeepSeek API documentation, "Create Chat Completion"."""

    name = "deepseek"
    default_label = "DeepSeek"
    default_base_url = "https://api.deepseek.com"
    default_models = ("deepseek-chat",)
    default_context_tokens = 65_536
    abilities = Abilities(stream=True, json_schema=False)

    def map_delta(self, delta: Mapping[str, Any]) -> Iterator[Delta]:
        # Reasoning comes in a field of its own and must not reach the answer.
        if text := delta.get("reasoning_content"):
            yield ReasoningDelta(str(text))
        yield from super().map_delta(delta)
