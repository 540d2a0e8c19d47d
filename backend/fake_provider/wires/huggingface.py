"""HuggingFace's router and its dedicated endpoints, which run text-generation-inference (TGI).

The router words what it refuses itself (keys, models) in its own way; all else comes from TGI, with an `error_type`.
Source: HuggingFace, "Inference Providers: Chat completion"; text-generation-inference, its OpenAPI description
(`ErrorResponse`) and "Messages API".
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from fake_provider.wires.base import ASKED_TOKENS, CONTEXT_TOKENS, ErrorAnswer, ErrorKind, retry_header
from fake_provider.wires.openai_chat import DONE, OpenAIChat, require_bearer

GENERATION_FAILED = "Request failed during generation: Server error: CANCELLED"
TOO_LONG = (
    f"Input validation error: `inputs` tokens + `max_new_tokens` must be <= {CONTEXT_TOKENS}. "
    f"Given: {ASKED_TOKENS} `inputs` tokens and 0 `max_new_tokens`"
)
NO_MODEL = {
    "message": "The requested model is not supported by any provider you have enabled.",
    "type": "invalid_request_error",
    "param": "model",
    "code": "model_not_supported",
}


class HuggingFace(OpenAIChat):
    """`/huggingface/v1/chat/completions`. A last message of the assistant's is continued, as TGI does."""

    provider = "huggingface"
    # By kind of error: status and body. TGI answers 422 to what it cannot validate, a prompt that is too long included.
    bodies: ClassVar[Mapping[ErrorKind, tuple[int, dict[str, Any]]]] = {
        "400": (400, {"error": "Input validation error: the request is not valid", "error_type": "validation"}),
        "401": (401, {"error": "Invalid username or password."}),
        "404": (404, {"error": NO_MODEL}),
        "429": (429, {"error": "Model is overloaded", "error_type": "overloaded"}),
        "500": (500, {"error": GENERATION_FAILED, "error_type": "generation"}),
        "503": (503, {"error": "Model is overloaded", "error_type": "overloaded"}),
        "context": (422, {"error": TOO_LONG, "error_type": "validation"}),
    }

    def check(self, body: dict[str, Any], messages: list[Any]) -> None:
        require_bearer(self)

    def error(self, kind: ErrorKind, *, said: str = "", retry_after: float = -1.0) -> ErrorAnswer:
        status, body = self.bodies[kind]
        return ErrorAnswer(status, orjson.dumps({**body, "error": said} if said else body), retry_header(retry_after))

    def error_event(self) -> bytes:
        error = {"message": GENERATION_FAILED, "http_status_code": 422}
        return b"data: " + orjson.dumps({"error": error}) + b"\n\n" + DONE
