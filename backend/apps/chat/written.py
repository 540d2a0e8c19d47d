"""What the frames of a run say; parsed when it is saved or taken over, since the stream passes them on as bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.sse import is_frame, members_of


@dataclass
class Written:
    text: str = ""
    reasoning: str = ""
    provider: str = ""
    model: str = ""


def written_of(frames: Sequence[bytes]) -> Written:
    """Raises: orjson.JSONDecodeError."""
    written = Written()
    text, reasoning = [], []
    for frame in frames:
        if is_frame(frame, "text-delta"):
            text.append(members_of(frame)["delta"])
        elif is_frame(frame, "reasoning-delta"):
            reasoning.append(members_of(frame)["delta"])
        elif is_frame(frame, "message-metadata"):
            chosen = members_of(frame)["messageMetadata"]
            written.provider, written.model = chosen.get("provider", ""), chosen.get("model", "")
    # A model may emit a NUL, which Postgres refuses: it must not cost the whole answer.
    written.text, written.reasoning = ("".join(parts).replace("\x00", "") for parts in (text, reasoning))
    return written


def opened(frames: Sequence[bytes], part: str) -> bool:
    """Whether the frames leave a part (`text` or `reasoning`) open."""
    for frame in reversed(frames):
        if is_frame(frame, f"{part}-start") or is_frame(frame, f"{part}-delta"):
            return True
        if is_frame(frame, f"{part}-end"):
            return False
    return False
