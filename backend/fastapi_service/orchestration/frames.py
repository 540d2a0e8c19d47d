"""Frames of the stream, as the browser reads them, and how long tokens are gathered for one.

Source: AI SDK, "UI message stream protocol"; `data-outcome` and `data-problem` are for the gateway.
"""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby
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
    """Turns the events of one answer into frames: opens and closes its parts, joins neighbouring deltas.

    The text is one part from its first word to the end, also where another provider thinks before it goes on with
    it; thinking is a part for each time. `goes_on`: the text was opened by who wrote its beginning.
    """

    def __init__(self, text_id: str, *, goes_on: bool = False) -> None:
        self._text_id = text_id
        self._text_open = goes_on
        self._reasoning_open = False
        self._written = False

    @property
    def begun(self) -> bool:
        """Whether text or reasoning has been written."""
        return self._written

    def write(self, events: Iterable[Event]) -> bytes:
        """The frames for `events`, neighbouring ones of one part joined into one."""
        frames: list[bytes] = []
        for kind, group in groupby(events, type):
            if kind is TextDelta:
                frames += (self._open_text(), frame("text-delta", id=self._text_id, delta=_joined(group)))
            elif kind is ReasoningDelta:
                frames += (self._open_reasoning(), frame("reasoning-delta", id=REASONING_ID, delta=_joined(group)))
            else:
                # Who is chosen next thinks for itself.
                frames += (self._close_reasoning() if kind is Chosen else b"", *map(_message, group))
        return b"".join(frames)

    def finish(self, outcome: Outcome) -> bytes:
        """The last frames of an answer that succeeded; it has a text part even where that is empty."""
        data = {
            "finish_reason": outcome.finish_reason,
            "usage": asdict(outcome.usage),
            "attempts": [asdict(attempt) for attempt in outcome.attempts],
        }
        return self._open_text() + self._close() + frame("data-outcome", data=data)

    def fail(self, document: dict[str, Any]) -> bytes:
        """The last frames of an answer that failed; what was written stays."""
        return self._close() + frame("data-problem", data=document)

    def _open_text(self) -> bytes:
        closed = self._close_reasoning()
        opened = b"" if self._text_open else frame("text-start", id=self._text_id)
        self._text_open = self._written = True
        return closed + opened

    def _open_reasoning(self) -> bytes:
        opened = b"" if self._reasoning_open else frame("reasoning-start", id=REASONING_ID)
        self._reasoning_open = self._written = True
        return opened

    def _close_reasoning(self) -> bytes:
        closed = frame("reasoning-end", id=REASONING_ID) if self._reasoning_open else b""
        self._reasoning_open = False
        return closed

    def _close(self) -> bytes:
        closed = self._close_reasoning() + (frame("text-end", id=self._text_id) if self._text_open else b"")
        self._text_open = False
        return closed


def _joined(deltas: Iterable[Event]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta | ReasoningDelta))


def _message(event: Event) -> bytes:
    if isinstance(event, Chosen):
        return frame("message-metadata", messageMetadata={"provider": event.provider, "model": event.model})
    if isinstance(event, Notice):
        return frame("data-notice", transient=True, data={"code": event.code, "message": event.message})
    raise TypeError(f"no frame of its own is known for {type(event).__name__}")
