"""OpenAI's chat completions as a wire format, whoever speaks it: what is posted, and what an event means.

Sources: OpenAI API reference, "Create chat completion" and its streaming events; Azure OpenAI in Azure AI Foundry
Models reference, "Chat completions"; HuggingFace Inference Providers, "Chat Completion".
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

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
    Usage,
)
from fastapi_service.providers.http_provider import Ending, HttpProvider, count_in, text_in
from fastapi_service.providers.strict_schema import fits_strict_mode


class ChatCompletions(HttpProvider):
    """A server that speaks chat completions; how it is reached, a subclass says."""

    finish_reasons: ClassVar[Mapping[str, FinishReason]] = {"stop": "stop", "length": "length"}
    output_limit: ClassVar[str] = "max_tokens"
    prefill: ClassVar[Mapping[str, object]] = {}  # further members of a last message that is to be gone on from
    abilities = Abilities(json_schema=True)

    def request_body(self, prompt: Prompt, model: str, *, stream: bool) -> dict[str, Any]:
        """What is posted; Any: it is JSON."""
        messages = [{"role": each.role, "content": self._content(each)} for each in prompt.messages]
        if prompt.continue_from:
            messages.append({"role": "assistant", "content": prompt.continue_from, **self.prefill})
        body: dict[str, Any] = {"model": model, "messages": messages}
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        if prompt.temperature is not None:
            body["temperature"] = prompt.temperature
        if prompt.max_output_tokens is not None:
            body[self.output_limit] = prompt.max_output_tokens
        if prompt.response_schema is not None:
            body["response_format"] = self.response_format(prompt.response_schema)
        return body

    def response_format(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What asks for an answer that satisfies `schema`; Any: both are JSON."""
        # Strict mode refuses a schema that leaves anything open; without it the model is only guided.
        form = {"name": "answer", "strict": fits_strict_mode(schema), "schema": schema}
        return {"type": "json_schema", "json_schema": form}

    def read_event(self, event: Mapping[str, Any], ending: Ending) -> Sequence[Delta]:
        if usage := event.get("usage"):
            ending.usage = Usage(count_in(usage.get("prompt_tokens")), count_in(usage.get("completion_tokens")))
        # Azure's first chunk has the verdict on the prompt and no choice, the last one of all servers only usage.
        choices = event.get("choices")
        if not choices:
            return ()
        choice = choices[0]
        delta = choice.get("delta") or choice.get("message")
        found = _deltas(delta, ending) if delta else ()
        if reason := choice.get("finish_reason"):
            ending.reason = text_in(reason)
            ending.filtered = ending.filtered or reason == "content_filter"
        return found

    def _content(self, message: Message) -> Any:
        """A text, or the parts of a message that holds images, for a model that sees; Any: JSON."""
        if not self.abilities.images or isinstance(message.content, str):
            return message.text
        return [_part(part) for part in message.parts]


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": f"data:{part.media_type};base64,{part.data}"}}
    return {"type": "text", "text": part}


def _deltas(delta: Mapping[str, Any], ending: Ending) -> list[Delta]:
    """The deltas in one chunk's `delta`, or in a whole answer's `message`."""
    found: list[Delta] = []
    # Thinking comes in a field of its own (DeepSeek and vLLM name it one way, Ollama the other), never as answer.
    if thought := delta.get("reasoning_content") or delta.get("reasoning"):
        found.append(ReasoningDelta(text_in(thought)))
    if text := delta.get("content"):
        found.append(TextDelta(text_in(text)))
        ending.has_text = True
    if delta.get("refusal"):
        ending.filtered = True
    return found
