"""How much of the processor a file may still take.

Text that is read restores the patience that pages have used up: a long file has all the time that it needs, and one
that is made to take time has not, in however many pages it takes it.
"""

from apps.documents.extraction.job import PICTURE_SECONDS

CHARACTERS_PER_SECOND = 1000
# After a page that held its child up, the next such page has less time, and is the last: a file made of them must be
# answered soon.
AFTER_A_HANG = 0.25


class Patience:
    """In seconds of processor: `page_s` for pages in a row that give no text, `file_s` for all of the file but OCR."""

    def __init__(self, *, page_s: float, file_s: float) -> None:
        self._full_s = self._page_s = page_s
        self._file_s = file_s

    @property
    def left_s(self) -> float:
        return max(0.0, min(self._page_s, self._file_s))

    @property
    def is_of_file(self) -> bool:
        """Whether it is the file's time that ends first, not that of a page."""
        return self._file_s <= self._page_s

    def spend(self, seconds: float, *, ocr: bool) -> None:
        """For one line of a child; with `ocr`, a picture was made for it, which is no fault of the file."""
        seconds = max(0.0, seconds - PICTURE_SECONDS) if ocr else seconds
        self._page_s -= seconds
        self._file_s -= seconds

    def restore(self, characters: int) -> None:
        """For the text of a page."""
        self._page_s = min(self._full_s, self._page_s + characters / CHARACTERS_PER_SECOND)

    def shorten(self) -> None:
        """After a page that held its child up."""
        self._full_s *= AFTER_A_HANG
        self._page_s = self._full_s
