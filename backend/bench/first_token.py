"""What gateway and worker add to the time until an answer's first token, for a student who asks one thing at a time."""

import http.client
import json
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

from fake_provider.testing import FakeProcess
from tests.stack import Stack
from tests.streams import csrf

PROVIDER_SECONDS = 0.05  # until its first token; not counted
PAUSE_MAX_SECONDS = 0.1  # between two prompts, of any length up to this, so as to keep step with nothing
TIMEOUT_SECONDS = 60.0


@dataclass
class Student:
    """A guest who asks one thing after another, each in a conversation of its own."""

    url: str
    headers: dict[str, str]
    provider: FakeProcess
    _pauses: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  no secret

    def added_ms(self, prompts: int) -> list[float]:
        """Of each prompt: from its first byte sent to the first text received, less what the provider took.

        The provider's part is by its own clock, from the request's arrival to its first token. Raises: RuntimeError.
        """
        self.provider.clear_log()
        took = [self._ask() for _ in range(prompts)]
        log = {each["messages"][-1]["content"].split()[0]: each for each in self.provider.log()}
        return [(took_s - _own_s(log[marker])) * 1000 for marker, took_s in took]

    def _ask(self) -> tuple[str, float]:
        """The prompt's marker, and seconds until its first text; the answer is read to its end."""
        time.sleep(self._pauses.uniform(0, PAUSE_MAX_SECONDS))
        marker, split = uuid4().hex, urlsplit(self.url)
        body = json.dumps({"message": f"{marker} [[tokens=3 rate=0 first={PROVIDER_SECONDS}]]"})
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
            began, first_at = time.perf_counter(), 0.0
            connection.request("POST", "/api/chat/stream/", body, self.headers)
            for line in connection.getresponse():
                if not first_at and b'"text-delta"' in line:
                    first_at = time.perf_counter()
        finally:
            connection.close()
        if not first_at:
            raise RuntimeError("an answer came without text")
        return marker, first_at - began


def student_of(stack: Stack) -> Student:
    """A new guest, who has asked something before."""
    client = stack.client()
    client.post("/api/chat/", json={"message": "hello"}, headers=csrf(client)).raise_for_status()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)
    headers = {"Content-Type": "application/json", "Cookie": cookies, **csrf(client)}
    return Student(stack.gateway.url, headers, stack.provider)


def figures_of(added_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(added_ms)
    return {
        "chats": len(ordered),
        "added_p50_ms": round(statistics.median(ordered), 1),
        "added_p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
    }


def _own_s(entry: dict[str, float]) -> float:
    return entry["first_token_at"] - entry["started_at"]
