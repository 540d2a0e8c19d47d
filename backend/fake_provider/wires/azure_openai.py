"""Azure OpenAI's chat completions: OpenAI's, by deployment, with what its content filter found.

Source: Microsoft Learn, "Azure OpenAI REST API reference" (chat completions), "Content filtering" (annotations, error
bodies) and "Quotas and limits" (429).
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from fake_provider.wires.base import Asked, ErrorAnswer, ErrorKind, Refused, retry_header
from fake_provider.wires.openai_chat import OpenAIChat, status_of

DEPLOYMENT = re.compile(r"/azure_openai/openai/deployments/([^/]+)/chat/completions")
SAFE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
FILTERED_PROMPT = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify "
    "your prompt and retry. To learn more about our content filtering policies please read our documentation: "
    "https://go.microsoft.com/fwlink/?linkid=2198766"
)
NO_ACCESS = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
    "active subscription and use a correct regional API endpoint for your resource."
)
NO_DEPLOYMENT = (
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, "
    "please wait a moment and try again."
)
AT_LIMIT = (
    "Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded token rate limit of your "
    "current OpenAI S0 pricing tier."
)
INTERNAL = "The server had an error while processing your request. Sorry about that!"
OVERLOADED = "The service is temporarily unable to process your request. Please try again later."


class AzureOpenAI(OpenAIChat):
    """`/azure_openai/openai/deployments/<deployment>/chat/completions?api-version=…`, the key in `api-key`."""

    provider = "azure_openai"
    choice_extras: ClassVar[Mapping[str, Any]] = {"content_filter_results": SAFE, "logprobs": None}
    # The gateway in front of the models words these; what the models refuse is worded as OpenAI does.
    gateway_errors: ClassVar[Mapping[ErrorKind, tuple[str, str]]] = {
        "401": ("401", NO_ACCESS),
        "404": ("DeploymentNotFound", NO_DEPLOYMENT),
        "429": ("429", AT_LIMIT),
        "500": ("InternalServerError", INTERNAL),
        "503": ("ServiceUnavailable", OVERLOADED),
    }

    def check(self, body: dict[str, Any], messages: list[Any]) -> None:
        if not DEPLOYMENT.fullmatch(self.call.path) or not self.call.query("api-version"):
            raise Refused(ErrorAnswer(404, orjson.dumps({"error": {"code": "404", "message": "Resource not found"}})))
        if not self.call.header("api-key"):
            raise Refused(self.error("401"))

    def is_prefill(self, messages: list[Any]) -> bool:
        return False  # its models answer a last message of the assistant's, they do not continue it

    def model_of(self, body: dict[str, Any]) -> str:
        found = DEPLOYMENT.fullmatch(self.call.path)
        return found[1] if found else super().model_of(body)

    def prepare(self, asked: Asked, *, answer_id: str, prompt_tokens: int) -> None:
        super().prepare(asked, answer_id=answer_id, prompt_tokens=prompt_tokens)
        self.found_in_prompt = [{"prompt_index": 0, "content_filter_results": SAFE}]

    def start(self) -> bytes:
        return self.event([], prompt_filter_results=self.found_in_prompt) + super().start()

    def error_event(self) -> bytes:
        error = {"message": INTERNAL, "type": "server_error", "param": None, "code": None}
        return b"data: " + orjson.dumps({"error": error}) + b"\n\n"

    def error(self, kind: ErrorKind, *, said: str = "", retry_after: float = -1.0) -> ErrorAnswer:
        if kind not in self.gateway_errors:
            return super().error(kind, said=said)
        code, message = self.gateway_errors[kind]
        headers = retry_header(retry_after)
        if headers:
            headers["retry-after-ms"] = f"{retry_after * 1000:.0f}"
            message += f" Please retry after {headers['retry-after']} seconds."
        return ErrorAnswer(
            status_of(kind), orjson.dumps({"error": {"code": code, "message": said or message}}), headers
        )

    def filtered_prompt(self) -> ErrorAnswer | None:
        found = {
            **SAFE,
            "hate": {"filtered": True, "severity": "high"},
            "jailbreak": {"filtered": False, "detected": False},
        }
        error = {
            "message": FILTERED_PROMPT,
            "type": None,
            "param": "prompt",
            "code": "content_filter",
            "status": 400,
            "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": found},
        }
        return ErrorAnswer(400, orjson.dumps({"error": error}))

    def models(self) -> bytes | None:
        return None
