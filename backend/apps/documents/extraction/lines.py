"""The lines that a child writes and the gateway reads: JSON, each of one of these classes.

Opened first; At before each page is begun; ExtractedPage in order; Finished or Refusal last.
"""

import json
from dataclasses import asdict, dataclass
from typing import TypeAlias

from apps.documents.extraction.results import CutPassage, ExtractedPage, Opened, Reason

# A page of the most characters with its passages and terms, in UTF-8, is shorter.
MAX_LINE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class At:
    """Page `number` is begun, or, with `ocr`, the picture of it."""

    number: int
    ocr: bool = False


@dataclass(frozen=True)
class Finished:
    """All pages that were wanted have been given; `pages_cut` come after them beyond a limit."""

    pages_cut: int
    language: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """The file cannot be read; `detail` is the class of an error."""

    reason: Reason
    detail: str = ""


Line: TypeAlias = Opened | At | ExtractedPage | Finished | Refusal
CLASSES: dict[str, type[Line]] = {
    "opened": Opened,
    "at": At,
    "page": ExtractedPage,
    "finished": Finished,
    "refusal": Refusal,
}
NAMES = {kind: name for name, kind in CLASSES.items()}


def to_bytes(line: Line) -> bytes:
    return json.dumps({NAMES[type(line)]: asdict(line)}, ensure_ascii=False).encode() + b"\n"


def from_bytes(line: bytes) -> Line:
    """Raises: ValueError, TypeError, KeyError, when it is none: the child was taken over by what it read."""
    ((name, values),) = json.loads(line).items()
    if name == "page":
        values["passages"] = tuple(CutPassage(**passage) for passage in values["passages"])
    if name == "finished":
        values["notes"] = tuple(values["notes"])
    return CLASSES[name](**values)
