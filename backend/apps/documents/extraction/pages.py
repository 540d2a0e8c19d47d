"""From what a reader yields to numbered pages within limits, and what the student should know about them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.documents.extraction.clean import clean_text
from apps.documents.extraction.job import Limits
from apps.documents.extraction.results import ExtractedPage, PageState, Refused, Texts
from apps.documents.ranges import listed


@dataclass
class Pages:
    """Iterate once; afterwards `notes` is complete. `texts` are a reader's, and `unit` its word for a page.

    Raises: Refused at the end, when no page had any text.
    """

    texts: Texts
    unit: str
    limits: Limits
    notes: list[str]
    numbers: dict[PageState, list[int]] = field(default_factory=lambda: {"read": [], "empty": [], "failed": []})
    unstorable: bool = False

    def __iter__(self) -> Iterator[ExtractedPage]:
        left = self.limits.max_characters
        for number, raw in enumerate(self.texts, start=1):
            if number > self.limits.max_pages or left == 0:
                self.notes.append(f"Only the first {number - 1:,} {self.unit}s were read: the file is longer.")
                self.texts.close()
                break
            page = self._page(number, raw, left)
            left -= len(page.text)
            yield page
        self._end()

    def _page(self, number: int, raw: str | None, max_characters: int) -> ExtractedPage:
        text, unstorable = clean_text(raw or "")
        self.unstorable |= unstorable
        if len(text) > max_characters:
            text = text[:max_characters]
            self.notes.append(f"The text of {self.unit} {number:,} was cut: the file has too much of it.")
        state: PageState = "failed" if raw is None else "read" if text.strip() else "empty"
        self.numbers[state].append(number)
        return ExtractedPage(number, f"{self.unit} {number}", text if state == "read" else "", state)

    def _end(self) -> None:
        empty, failed = self.numbers["empty"], self.numbers["failed"]
        if not self.numbers["read"]:
            raise Refused("broken" if failed and not empty else "no_text" if self.unit != "section" else "empty")
        if empty:
            have, are = ("has", "it is") if len(empty) == 1 else ("have", "they are")
            why = f"; {are} probably scanned or pictures only, and there is no OCR yet"
            self.notes.append(f"{listed(self.unit, empty).capitalize()} {have} no text{why}.")
        if failed:
            was = "is damaged and was" if len(failed) == 1 else "are damaged and were"
            self.notes.append(f"{listed(self.unit, failed).capitalize()} {was} not read.")
        if self.unstorable:
            self.notes.append("Characters that are not text, such as NUL, were removed.")
