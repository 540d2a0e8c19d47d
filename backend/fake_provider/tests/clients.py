"""The least that a client of each wire does: ask, and read the answer's text, end and usage."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from fake_provider.directive import PROVIDERS
from fake_provider.testing import FakeAddress

ALL_WIRES = PROVIDERS
PREFILLS = ("local", "deepseek", "huggingface", "gemini")
AZURE_PATH = "/openai/deployments/m/chat/completions"
GEMINI_ROLES = {"user": "user", "assistant": "model"}

Turn = tuple[str, str]


@dataclass
class Reply:
    """What was read; `events` are a stream's, or a whole body alone. Any: JSON."""

    status: int
    headers: httpx.Headers
    content: bytes
    events: list[Any] = field(default_factory=list)
    text: str = ""
    thoughts: str = ""
    finish: str | None = None
    tokens: tuple[int, int] = (0, 0)


def numbered(start: int, stop: int) -> str:
    return "".join(f"t{number} " for number in range(start, stop))


def request_of(
    fake: FakeAddress, provider: str, turns: Sequence[Turn], *, stream: bool, schema: Any = None
) -> tuple[str, dict[str, str], dict[str, Any]]:
    """URL, headers and body of a request for the answer to these turns, the last of which may be the assistant's."""
    url = fake.url_of(provider)
    if provider == "gemini":
        action = "streamGenerateContent?alt=sse" if stream else "generateContent"
        contents = [{"role": GEMINI_ROLES[role], "parts": [{"text": text}]} for role, text in turns]
        body: dict[str, Any] = {"contents": contents, "systemInstruction": {"parts": [{"text": "Be brief."}]}}
        if schema:
            body["generationConfig"] = {"responseMimeType": "application/json", "responseJsonSchema": schema}
        return f"{url}/v1beta/models/m:{action}", {"x-goog-api-key": "k"}, body
    messages = [{"role": "system", "content": "Be brief."}, *({"role": role, "content": text} for role, text in turns)]
    body = {"model": "m", "messages": messages, "stream": stream, "stream_options": {"include_usage": True}}
    if schema:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    if provider == "azure_openai":
        return f"{url}{AZURE_PATH}?api-version=2024-10-21", {"api-key": "k"}, body
    if provider == "deepseek" and turns[-1][0] == "assistant":
        messages[-1] = {**messages[-1], "prefix": True}  # type: ignore[dict-item]  # a flag beside texts
        url += "/beta"
    return f"{url}/chat/completions", {"authorization": "Bearer k"}, body


def open_client() -> httpx.AsyncClient:
    # Loading certificates takes longer than all the rest of a test, and nothing here is encrypted.
    return httpx.AsyncClient(timeout=20, trust_env=False, verify=False)


async def ask(fake: FakeAddress, provider: str, *turns: Turn | str, stream: bool = True, schema: Any = None) -> Reply:
    """Ask and read; a text alone is the user's. Raises: what httpx does where the answer breaks off."""
    asked = [("user", turn) if isinstance(turn, str) else turn for turn in turns]
    url, headers, body = request_of(fake, provider, asked, stream=stream, schema=schema)
    async with open_client() as client:
        response = await client.post(url, headers=headers, json=body)
    return read(provider, response)


def read(provider: str, response: httpx.Response) -> Reply:
    """Raises: orjson.JSONDecodeError where an event is no JSON."""
    reply = Reply(response.status_code, response.headers, response.content)
    if response.headers["content-type"] == "text/event-stream":
        lines = [line[6:] for line in response.content.splitlines() if line.startswith(b"data: ")]
        reply.events = [orjson.loads(line) for line in lines if line != b"[DONE]"]
    else:
        reply.events = [orjson.loads(response.content)]
    for event in reply.events:
        if response.status_code == 200:
            (_read_gemini if provider == "gemini" else _read_openai)(reply, event)
    return reply


def _read_openai(reply: Reply, event: Any) -> None:
    for choice in event.get("choices", ()):
        delta = choice.get("delta") or choice.get("message") or {}
        reply.text += delta.get("content") or ""
        reply.thoughts += delta.get("reasoning_content") or ""
        reply.finish = choice["finish_reason"] or reply.finish
    if usage := event.get("usage"):
        reply.tokens = usage["prompt_tokens"], usage["completion_tokens"]


def _read_gemini(reply: Reply, event: Any) -> None:
    for candidate in event.get("candidates", ()):
        for part in candidate["content"].get("parts", ()):
            if part.get("thought"):
                reply.thoughts += part["text"]
            else:
                reply.text += part["text"]
        reply.finish = candidate.get("finishReason", reply.finish)
    if usage := event.get("usageMetadata"):
        output = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
        reply.tokens = usage["promptTokenCount"], output
