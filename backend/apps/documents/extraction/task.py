"""What a reader has beside the file: which pages are wanted, whom to tell, and who reads pictures."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeAlias

from apps.documents.extraction.job import Job
from apps.documents.extraction.lines import At, Line
from apps.documents.extraction.ocr import Ocr
from apps.documents.extraction.results import MEDIA_TYPES, UNITS, Kind, Method, Opened
from apps.documents.ranges import listed

MAX_OCR_TIMEOUTS = 3  # after as many, no more pictures of a file are tried


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
    ocr_timeouts: int = 0
    ocr_failures: list[int] = field(default_factory=list)
    _without_ocr: list[int] = field(default_factory=list)

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
        """Whether the picture of page `number` goes through OCR, which is there and takes no endless time."""
        if not self.ocr.is_installed:
            return False
        if number > self.ocr.job.max_pages or self.ocr_timeouts >= MAX_OCR_TIMEOUTS:
            self._without_ocr.append(number)
            return False
        return True

    def conclude(self) -> None:
        """Add to the notes what came of OCR."""
        unit = UNITS[self.kind]
        if self._without_ocr:
            why = "it takes too long" if self.ocr_timeouts >= MAX_OCR_TIMEOUTS else "there are too many"
            self.notes.append(f"OCR was not tried on {listed(unit, self._without_ocr)}: {why}.")
        if self.ocr_failures:
            self.notes.append(f"OCR failed on {listed(unit, self.ocr_failures)}.")
