from fastapi_service.providers.base import Abilities
from fastapi_service.providers.openai_compatible import OpenAICompatible


class DeepSeek(OpenAICompatible):
    """DeepSeek chat API. Source: DeepSeek API documentation, "Create Chat Completion"."""

    name = "deepseek"
    default_label = "DeepSeek"
    default_base_url = "https://api.deepseek.com"
    default_models = ("deepseek-chat",)
    default_context_tokens = 65_536
    abilities = Abilities(stream=True, json_schema=False)
