"""What the fake provider saw and did, request by request, for tests to look at."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson

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


class RequestLog:
    """The last KEPT_REQUESTS requests, oldest first; with a file, also those of a process that was killed before."""

    def __init__(self, file: Path | None = None) -> None:
        self.entries: deque[Entry] = deque(_kept(file), maxlen=KEPT_REQUESTS)
        self._next_id = 1 + max((entry.id for entry in self.entries), default=0)
        self._file = file

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
        self._keep(entry)
        return entry

    def close(self, entry: Entry, by: Literal["server", "client"]) -> None:
        """Note who ended a request; the first to do so counts."""
        if entry.closed_by is None:
            entry.closed_by = by
            entry.closed_at = time.time()
            self._keep(entry)

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]

    def clear(self) -> None:
        self.entries.clear()
        if self._file:
            self._file.unlink(missing_ok=True)

    def _keep(self, entry: Entry) -> None:
        """One line per change of an entry: what a kill leaves of the file is readable up to its last whole line."""
        if self._file:
            with self._file.open("ab") as file:
                file.write(orjson.dumps(asdict(entry)) + b"\n")


def _kept(file: Path | None) -> Iterator[Entry]:
    """The entries in `file` as they were last written; the kernel closed the sockets of those still running."""
    if file is None or not file.exists():
        return
    latest = {}
    for line in file.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            kept = orjson.loads(line)
            latest[kept["id"]] = Entry(**kept)
    for entry in latest.values():
        if entry.closed_by is None:
            entry.closed_by, entry.closed_at = "server", time.time()
        yield entry
