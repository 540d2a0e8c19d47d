"""DeepSeek's chat completions.

Source: DeepSeek API documentation, "Create Chat Completion", "Chat Prefix Completion (Beta)", "Rate Limit" (its
keep-alive), "JSON Output", "Error Codes".
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from fake_provider.wires.base import (
    ASKED_TOKENS,
    CONTEXT_TOKENS,
    Counts,
    EndReason,
    ErrorAnswer,
    ErrorKind,
    Refused,
)
from fake_provider.wires.openai_chat import DONE, OpenAIChat, last_role, require_bearer

KEEP_ALIVE = b": keep-alive\n\n"
INVALID = "invalid_request_error"
TOO_LONG = (
    f"This model's maximum context length is {CONTEXT_TOKENS} tokens. However, you requested {ASKED_TOKENS} tokens "
    f"({ASKED_TOKENS} in the messages, 0 in the completion). Please reduce the length of the messages or completion."
)


class DeepSeek(OpenAIChat):
    """`/deepseek/chat/completions`, and `/deepseek/beta/chat/completions`, which alone takes a prefix."""

    provider = "deepseek"
    errors: ClassVar[Mapping[ErrorKind, tuple[str, str, str | None, str | None]]] = {
        "400": ("Failed to deserialize the JSON body into the target type.", INVALID, None, INVALID),
        "401": ("Authentication Fails, Your api key is invalid", "authentication_error", None, INVALID),
        "404": ("Model Not Exist", INVALID, None, INVALID),
        "429": ("Rate limit reached", "rate_limit_error", None, "rate_limit_reached_error"),
        "500": ("Internal server error", "internal_error", None, "internal_error"),
        "503": ("Service is too busy. Please try again later.", "service_unavailable_error", None, "server_busy"),
        "context": (TOO_LONG, INVALID, None, INVALID),
    }

    def check(self, body: dict[str, Any], messages: list[Any]) -> None:
        require_bearer(self)
        prefix = last_role(messages) == "assistant" and messages[-1].get("prefix") is True
        if last_role(messages) == "assistant" and not (prefix and self.call.path.startswith("/deepseek/beta/")):
            raise Refused(
                self.error(
                    "400",
                    said=f"The last message of {self.model_of(body)} must be a user message, or an assistant message "
                    "with prefix mode on (refer to https://api-docs.deepseek.com/guides/chat_prefix_completion).",
                )
            )
        format_type = (body.get("response_format") or {}).get("type", "text")
        if format_type not in {"text", "json_object"}:
            raise Refused(self.error("400", said="This response_format type is unavailable now"))
        if format_type == "json_object" and b"json" not in orjson.dumps(messages).lower():
            raise Refused(
                self.error(
                    "400",
                    said="Prompt must contain the word 'json' in some form to use 'response_format' of type "
                    "'json_object'.",
                )
            )

    def start(self) -> bytes:
        return KEEP_ALIVE + KEEP_ALIVE + super().start()

    def end(self, reason: EndReason, counts: Counts) -> bytes:
        return self.chunk({"content": ""}, reason, usage=self.usage(counts)) + DONE

    def whole(self, *, text: str, thoughts: str, reason: EndReason, counts: Counts) -> bytes:
        # Its keep-alive where nothing is streamed: empty lines before the body.
        return b"\n\n" + super().whole(text=text, thoughts=thoughts, reason=reason, counts=counts)

    def filtered_prompt(self) -> ErrorAnswer | None:
        return self.error("400", said="Content Exists Risk")

    def usage(self, counts: Counts) -> dict[str, Any]:
        return {
            **super().usage(counts),
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": counts.thoughts},
            "prompt_cache_hit_tokens": 0,
            "prompt_cache_miss_tokens": counts.prompt,
        }
