"""What is read of a file, and the few words that child and gateway use between them."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["pdf", "docx", "pptx", "text", "markdown"]
PageState = Literal["read", "empty", "failed"]
# Each has its sentence in apps.documents.errors.
Reason = Literal[
    "encrypted", "broken", "misnamed", "empty", "no_text", "unsupported", "old_office", "too_large", "timeout"
]
# What a reader yields: the text of each page in order, None for one that cannot be read.
Texts = Generator[str | None, None, None]

MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text": "text/plain",
    "markdown": "text/markdown",
}


@dataclass(frozen=True)
class ExtractedPage:
    """A page, slide or section; numbers start at 1. `text` is empty unless `state` is "read"."""

    number: int
    label: str
    text: str
    state: PageState


@dataclass(frozen=True)
class ExtractedDocument:
    """All that was read of one file; `notes` are sentences for the student about what was not."""

    filename: str
    media_type: str
    kind: Kind
    size_bytes: int
    sha256: str
    pages: tuple[ExtractedPage, ...]
    notes: tuple[str, ...]


class Refused(Exception):
    """Raised in the child for a file that cannot be read at all."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
