"""What a reader has beside the file: which pages are wanted, whom to tell, and who reads pictures."""

import resource
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from PIL import Image

from apps.documents.extraction.job import Job
from apps.documents.extraction.lines import At, Line
from apps.documents.extraction.ocr import Ocr, OcrFailed, OcrTimeout
from apps.documents.extraction.results import MEDIA_TYPES, UNITS, Kind, Method, Opened
from apps.documents.ranges import listed

# After as many pages' time of OCR without a word, no more pictures of a file are looked at: each may be a drawing that
# is made to be laboured at, and others wait to be read.
MAX_PAGES_IN_VAIN = 3


@dataclass(frozen=True)
class RawPage:
    """As a reader gives it: `text` is None for a page that cannot be read."""

    label: str
    text: str | None
    method: Method = "text"


# None in place of a page that is not wanted.
RawPages: TypeAlias = Generator[RawPage | None, None, None]


@dataclass
class Task:
    job: Job
    kind: Kind
    tell: Callable[[Line], None]
    ocr: Ocr
    notes: list[str] = field(default_factory=list)
    page_count: int = 0
    _pictures_unread: list[int] = field(default_factory=list)
    _vain_s: float = 0.0  # for which OCR worked since it found words

    def __post_init__(self) -> None:
        self._vain_s = self.job.ocr_in_vain * self.ocr.job.page_s

    def opened(self, page_count: int = 0, media_type: str = "") -> None:
        """Say that the file can be read; called once, before its first page."""
        self.page_count = page_count
        self.tell(Opened(self.kind, media_type or MEDIA_TYPES[self.kind], page_count))

    def wants(self, number: int) -> bool:
        """Whether page `number` has to be read at all, for readers that can pass over pages."""
        return number >= self.job.first_page and number not in self.job.failed

    def begins(self, number: int, *, ocr: bool = False) -> None:
        """Tell which page is at work: the time that a page may take begins."""
        self.tell(At(number, ocr))

    def may_recognise(self, number: int) -> bool:
        """Whether OCR is to look at page `number`: it is none of too many, and the last ones were not in vain."""
        limit_s = MAX_PAGES_IN_VAIN * self.ocr.job.page_s
        return self.ocr.is_installed and number <= self.ocr.job.max_pages and self._vain_s < limit_s

    def recognised(self, picture: Image.Image) -> str | None:
        """The text in a grey picture; empty when there is none, None when OCR did not get through it."""
        begun_s = _seconds_of_children()
        text, least_s = None, 0.0
        try:
            text = self.ocr.read(picture)
        except OcrTimeout:
            least_s = self.ocr.job.page_s
        except OcrFailed:
            pass
        self._vain_s += max(_seconds_of_children() - begun_s, least_s)
        if text:
            self._vain_s = 0.0
        return text

    def without_ocr(self, name: str, number: int, text: str) -> RawPage:
        """Page `number`, whose picture OCR has not read, with such text as stands beside it."""
        if text.strip():
            self._pictures_unread.append(number)
            return RawPage(name, text)
        return RawPage(name, None, "ocr")

    def conclude(self) -> None:
        """Add to the notes what OCR has not read beside other text."""
        if self._pictures_unread:
            self.notes.append(f"OCR did not read the pictures on {listed(UNITS[self.kind], self._pictures_unread)}.")


def _seconds_of_children() -> float:
    """Processor time of those that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
