"""What the frames of a run say; parsed when it is saved or taken over, since the stream passes them on as bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.chat.models import Message
from apps.core.sse import is_frame, members_of


@dataclass(frozen=True)
class Written:
    text: str = ""
    reasoning: str = ""
    provider: str = ""
    model: str = ""

    def since(self, begun: "Written") -> str:
        """Text and reasoning that are not of `begun`, with which it begins."""
        return self.text[len(begun.text) :] + self.reasoning[len(begun.reasoning) :]


NOTHING_WRITTEN = Written()


def written_of(frames: Sequence[bytes]) -> Written:
    """Raises: orjson.JSONDecodeError."""
    text, reasoning = [], []
    provider = model = ""
    for frame in frames:
        if is_frame(frame, "text-delta"):
            text.append(members_of(frame)["delta"])
        elif is_frame(frame, "reasoning-delta"):
            reasoning.append(members_of(frame)["delta"])
        elif is_frame(frame, "message-metadata"):
            chosen = members_of(frame)["messageMetadata"]
            provider, model = chosen.get("provider", ""), chosen.get("model", "")
    # A model may emit a NUL, which Postgres refuses: it must not cost the whole answer.
    said, thought = ("".join(parts).replace("\x00", "") for parts in (text, reasoning))
    return Written(said, thought, provider, model)


def written_in(answer: Message) -> Written:
    """The same of one that was saved."""
    reasoning = "".join(part["text"] for part in answer.parts if part["type"] == "reasoning")
    return Written(answer.text, reasoning, answer.provider, answer.model)


def opened(frames: Sequence[bytes], part: str) -> bool:
    """Whether the frames leave a part (`text` or `reasoning`) open."""
    for frame in reversed(frames):
        if is_frame(frame, f"{part}-start") or is_frame(frame, f"{part}-delta"):
            return True
        if is_frame(frame, f"{part}-end"):
            return False
    return False
