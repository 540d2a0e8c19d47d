"""What the fake provider saw and did, request by request, for tests to look at."""

import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

KEPT_REQUESTS = 20_000


@dataclass(slots=True)
class Entry:
    """One request; times are seconds since the epoch, `closed_by` is None while it runs."""

    id: int
    path: str
    authorization: str
    request_id: str
    body: dict[str, Any]
    messages: list[Any]
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

    def add(self, *, path: str, headers: dict[bytes, bytes], body: dict[str, Any]) -> Entry:
        messages = body.get("messages")
        entry = Entry(
            id=self._next_id,
            path=path,
            authorization=headers.get(b"authorization", b"").decode("latin-1"),
            request_id=headers.get(b"x-request-id", b"").decode("latin-1"),
            body={name: value for name, value in body.items() if name != "messages"},
            messages=messages if isinstance(messages, list) else [],
        )
        self._next_id += 1
        self.entries.append(entry)
        return entry

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]

    def clear(self) -> None:
        self.entries.clear()
