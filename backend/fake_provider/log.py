"""What the fake provider saw and did, request by request, for tests to look at."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from fake_provider.wires.base import Asked, Call

KEPT_REQUESTS = 20_000


@dataclass(slots=True)
class Entry:
    """One request; times are seconds since the epoch, `closed_by` is None while it runs.

    `messages` are in OpenAI's form on every wire; `body` is all else that was sent. No key of an own header is kept.
    """

    id: int
    path: str
    authorization: str
    request_id: str
    body: dict[str, Any]
    messages: list[Any]
    provider: str = "local"
    model: str = ""
    response_schema: Any = None  # Any: a JSON schema
    directive: str = ""
    tokens_sent: int = 0
    started_at: float = field(default_factory=time.time)
    first_token_at: float | None = None
    closed_by: Literal["server", "client"] | None = None
    closed_at: float | None = None

    def close(self, by: Literal["server", "client"]) -> None:
        """Note who ended it; the first to do so counts."""
        if self.closed_by is None:
            self.closed_by = by
            self.closed_at = time.time()


class RequestLog:
    """The last KEPT_REQUESTS requests, oldest first."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT_REQUESTS)
        self._next_id = 1

    def add(self, call: Call, asked: Asked, *, provider: str) -> Entry:
        entry = Entry(
            id=self._next_id,
            path=call.path,
            authorization=call.header("authorization"),
            request_id=call.header("x-request-id"),
            body=asked.settings,
            messages=asked.messages,
            provider=provider,
            model=asked.model,
            response_schema=asked.schema,
        )
        self._next_id += 1
        self.entries.append(entry)
        return entry

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]

    def clear(self) -> None:
        self.entries.clear()
