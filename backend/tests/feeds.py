"""Reading the live feed as a page does, beside what the test itself does."""

import json
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from tests.stack import wait_until

DEADLINE_SECONDS = 10.0


class Feed:
    """The live feed of a visitor, read by a thread from the first frame on until the block is left."""

    def __init__(self, client: httpx.Client) -> None:
        self.frames: list[dict[str, Any]] = []  # Any: JSON
        self.comments = 0
        self.ended = threading.Event()
        self._client = client
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait_for(lambda: bool(self.frames), what="the first frame")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._response and not self.ended.is_set():
            # Closing from here would wait for the thread that reads.
            self._response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(DEADLINE_SECONDS)

    def wait_for(self, holds: Callable[[], bool], *, what: str) -> None:
        wait_until(holds, what=f"{what}; the feed said {self.frames}", deadline_s=DEADLINE_SECONDS)

    def frame(self, type_: str, **members: Any) -> dict[str, Any]:
        """The first frame of this type with these members, waited for."""
        wanted = {"type": type_, **members}.items()
        self.wait_for(lambda: any(wanted <= frame.items() for frame in self.plain), what=f"{type_} {members}")
        return next(frame for frame in self.plain if wanted <= frame.items())

    @property
    def plain(self) -> list[dict[str, Any]]:
        """The frames after the first, whose members are all plain values."""
        return self.frames[1:]

    def types_of(self, conversation_id: str) -> list[str]:
        """What was said of a conversation, in order."""
        return [frame["type"] for frame in self.plain if frame.get("conversation_id") == conversation_id]

    def _read(self) -> None:
        try:
            with self._client.stream("GET", "/api/chat/live/") as response:
                if response.status_code != 200:
                    raise AssertionError(f"the live feed answered {response.status_code}")
                self._response = response
                for line in response.iter_lines():
                    if line.startswith("data: "):
                        self.frames.append(json.loads(line.removeprefix("data: ")))
                    elif line.startswith(":"):
                        self.comments += 1
        except httpx.TransportError:
            pass  # the block was left, or the gateway was killed
        finally:
            self.ended.set()
