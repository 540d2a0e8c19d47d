"""What is read of a file, and the few words that child and gateway use between them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["pdf", "docx", "pptx", "xlsx", "odt", "epub", "html", "markdown", "text", "csv", "code", "image"]
PageState = Literal["read", "empty", "failed"]
Method = Literal["text", "ocr"]
# Each has its sentence in apps.documents.errors.
Reason = Literal[
    "encrypted",
    "broken",
    "misnamed",
    "two_in_one",
    "empty",
    "no_text",
    "no_ocr",
    "ocr_failed",
    "unsupported",
    "archive",
    "old_office",
    "rtf",
    "heic",
    "too_large",
    "timeout",
]

MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "epub": "application/epub+zip",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
    "csv": "text/csv",
    "code": "text/plain",
    "image": "image/*",  # in place of which stands the format that Pillow found
}
# A word for a page of each kind, which its label begins with.
UNITS: dict[Kind, str] = {
    "pdf": "page",
    "docx": "section",
    "pptx": "slide",
    "xlsx": "part",
    "odt": "section",
    "epub": "section",
    "html": "section",
    "markdown": "section",
    "text": "section",
    "csv": "part",
    "code": "part",
    "image": "picture",
}
PAGE_MAX_CHARACTERS = 100_000  # of one page; more is a drawing of letters, or made to hurt
# Kinds whose pages can be read one without the other: one that ends a child is passed over by the next.
PASSED_OVER: frozenset[Kind] = frozenset({"pdf", "image"})


@dataclass(frozen=True)
class Opened:
    """The file can be read; `page_count` is 0 where that is not known before the end."""

    kind: Kind
    media_type: str
    page_count: int


@dataclass(frozen=True)
class CutPassage:
    """`start` to `end` of its page's text; `tokens` in a prompt with the line that names it; `terms` for the index."""

    start: int
    end: int
    tokens: int
    terms: str


@dataclass(frozen=True)
class ExtractedPage:
    """A page, slide or section; numbers start at 1. `text` is empty unless `state` is "read".

    `language` is the document's (ISO 639-1, or empty), by which the terms were stemmed.
    """

    number: int
    label: str
    text: str
    state: PageState
    method: Method = "text"
    passages: tuple[CutPassage, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Ended:
    """Every page was given but the last `pages_cut` of `page_count`; `notes` are sentences for the student."""

    page_count: int
    pages_cut: int
    language: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PageSeen:
    """What became of a page that was given before, and how long its text is."""

    number: int
    state: PageState
    method: Method
    characters: int = 0


class Refused(Exception):
    """Raised for a file that cannot be read at all."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
