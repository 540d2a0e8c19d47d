"""Which wire a path belongs to."""

from fake_provider.wires.azure_openai import AzureOpenAI
from fake_provider.wires.base import Call, Wire
from fake_provider.wires.deepseek import DeepSeek
from fake_provider.wires.gemini import Gemini
from fake_provider.wires.huggingface import HuggingFace
from fake_provider.wires.openai_chat import OpenAIChat

WIRES: dict[str, type[Wire]] = {wire.provider: wire for wire in (AzureOpenAI, DeepSeek, Gemini, HuggingFace)}


def wire_for(call: Call) -> Wire:
    """The wire of the provider that the path begins with, else the one of any OpenAI-compatible server."""
    prefix = call.path.split("/", 2)[1]
    return WIRES.get(prefix, OpenAIChat)(call)
