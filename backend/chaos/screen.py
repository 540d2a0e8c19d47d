"""What a reader of a stream shows, frame by frame, as the page does."""

import re
import time
from dataclasses import dataclass, field

from chaos.recovery import Sighting
from tests.streams import Frame

TOKEN = re.compile(r"t(\d+) ")


def tokens_in(text: str) -> int:
    """How many tokens an answer has that ends in `text`; 0 when there is no whole token in it."""
    numbers = TOKEN.findall(text)
    return int(numbers[-1]) + 1 if numbers else 0


@dataclass
class Shown:
    """The screen of one reader. `ended` as in `evidence.Screen`."""

    who: str
    text: str = ""
    ended: str = ""
    conversation_id: str = ""
    last_event_id: str = ""
    sightings: list[Sighting] = field(default_factory=list)
    _closing: str = ""  # how it will have ended once the stream says that it is whole
    _problem: str = ""

    @property
    def tokens(self) -> int:
        return self.sightings[-1].tokens if self.sightings else 0

    def take(self, frame: Frame) -> None:
        """Replace at `start`, append after it; nothing has ended before `[DONE]`."""
        self.last_event_id = frame.id or self.last_event_id
        match frame.type:
            case "start":
                self.text = ""
                self.conversation_id = str(frame.data["messageMetadata"]["conversation_id"])
            case "text-delta":
                self.text += frame.data["delta"]
                self.sightings.append(Sighting(time.time(), tokens_in(self.text[-16:])))
            case "data-problem":
                self._problem = str(frame.data["data"].get("code"))
            case "error":
                self._closing = self._problem or "error"
            case "finish" | "abort":
                self._closing = frame.type
            case "[DONE]":
                self.ended = self._closing or "done without an end"

    def show_saved(self, text: str) -> None:
        """What a page shows that finds the stream over, and reads the conversation."""
        self.text = text
        self.ended = "saved"
        self.sightings.append(Sighting(time.time(), tokens_in(text)))
