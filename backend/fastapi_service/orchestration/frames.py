"""Frames of the stream, as the browser reads them, and how long tokens are gathered for one.

Source: AI SDK, "UI message stream protocol"; `data-outcome` and `data-problem` are for the gateway.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson

from fastapi_service.orchestration.events import Chosen, Event, Notice, Outcome
from fastapi_service.providers.base import ReasoningDelta, TextDelta

KEEP_ALIVE = b": keep-alive\n\n"
REASONING_ID = "reasoning"

SHORTEST_WINDOW_SECONDS = 0.025
LONGEST_WINDOW_SECONDS = 0.150
FEW_STREAMS = 8
MANY_STREAMS = 200


def window_s(live_streams: int) -> float:
    """Seconds for which tokens are gathered into one frame: each frame costs, so many streams gather longer."""
    share = (live_streams - FEW_STREAMS) / (MANY_STREAMS - FEW_STREAMS)
    span = LONGEST_WINDOW_SECONDS - SHORTEST_WINDOW_SECONDS
    return SHORTEST_WINDOW_SECONDS + span * min(1.0, max(0.0, share))


def frame(kind: str, **members: Any) -> bytes:
    """One event of the stream: `data: {"type": kind, …}` and a blank line."""
    return b"data: %b\n\n" % orjson.dumps({"type": kind, **members})


class FrameWriter:
    """Turns the events of one answer into frames: opens and closes its parts, joins neighbouring deltas."""

    def __init__(self, text_id: str) -> None:
        self._ids = {TextDelta: ("text", text_id), ReasoningDelta: ("reasoning", REASONING_ID)}
        self._open: tuple[str, str] | None = None
        self._text_sent = False

    @property
    def in_part(self) -> bool:
        """Whether text or reasoning has begun and not ended."""
        return self._open is not None

    def write(self, events: Iterable[Event]) -> bytes:
        """The frames for `events`, those of one part joined into one."""
        frames: list[bytes] = []
        texts: list[str] = []
        for event in events:
            if isinstance(event, TextDelta | ReasoningDelta):
                part = self._ids[type(event)]
                if part != self._open:
                    self._flush(frames, texts)
                    frames.append(self._switch_to(part))
                texts.append(event.text)
            else:
                self._flush(frames, texts)
                frames.append(_message(event))
        self._flush(frames, texts)
        return b"".join(frames)

    def finish(self, outcome: Outcome) -> bytes:
        """The last frames of an answer that succeeded; it has a text part even where that is empty."""
        opened = b"" if self._text_sent else self._switch_to(self._ids[TextDelta])
        data = {
            "finish_reason": outcome.finish_reason,
            "usage": asdict(outcome.usage),
            "attempts": [asdict(attempt) for attempt in outcome.attempts],
        }
        return opened + self._switch_to(None) + frame("data-outcome", data=data)

    def fail(self, document: dict[str, Any]) -> bytes:
        """The last frames of an answer that failed; what was written stays."""
        return self._switch_to(None) + frame("data-problem", data=document)

    def _flush(self, frames: list[bytes], texts: list[str]) -> None:
        if texts and self._open:
            kind, part_id = self._open
            frames.append(frame(f"{kind}-delta", id=part_id, delta="".join(texts)))
            texts.clear()

    def _switch_to(self, part: tuple[str, str] | None) -> bytes:
        closed = frame(f"{self._open[0]}-end", id=self._open[1]) if self._open else b""
        self._open = part
        if part is None:
            return closed
        self._text_sent = self._text_sent or part[0] == "text"
        return closed + frame(f"{part[0]}-start", id=part[1])


def _message(event: Notice | Chosen) -> bytes:
    if isinstance(event, Notice):
        return frame("data-notice", transient=True, data={"code": event.code, "message": event.message})
    return frame("message-metadata", messageMetadata={"provider": event.provider, "model": event.model})
