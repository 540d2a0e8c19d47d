"""From what a reader gives to numbered pages within limits, with passages and terms in the document's language."""

import time
from collections.abc import Iterator
from dataclasses import replace

from apps.documents.extraction.clean import clean_text
from apps.documents.extraction.labels import label
from apps.documents.extraction.language import Language
from apps.documents.extraction.lines import Finished
from apps.documents.extraction.passages import passages_of_page
from apps.documents.extraction.results import PAGE_MAX_CHARACTERS, PASSED_OVER, UNITS, ExtractedPage, PageState
from apps.documents.extraction.task import RawPage, RawPages, Task

HELD_PAGES, HELD_S = 8, 4.0  # of a beginning that does not tell its language, before it is given as it is
COUNTING_S = 1.0  # for how many pages there are beyond a limit, where that has to be tried out


class Pages:
    """Iterate once, to the end; afterwards `finished` says what came of it."""

    def __init__(self, raw: RawPages, task: Task) -> None:
        self._raw, self._task = raw, task
        self._unit = UNITS[task.kind]
        self._language = Language(task.job.language, is_prose=task.kind != "code")
        self._left = task.job.limits.max_characters
        if task.kind in PASSED_OVER:
            self._left -= task.job.characters
        self._cut = 0
        self._unstorable = False

    def __iter__(self) -> Iterator[ExtractedPage]:
        """Those from `first_page` on. A few are held back at the beginning, until they tell the language."""
        held: list[ExtractedPage] = []
        begun = time.monotonic()
        for page in self._pages():
            self._language.learn(page.text)
            if page.number < self._task.job.first_page:
                continue
            held.append(page)
            if self._language.has_enough or len(held) >= HELD_PAGES or time.monotonic() - begun > HELD_S:
                self._language.conclude()
                yield from map(self._with_passages, held)
                held = []
        self._language.conclude()
        yield from map(self._with_passages, held)

    def finished(self) -> Finished:
        self._task.conclude()
        notes = self._task.notes
        if self._unstorable and self._task.kind != "pdf":  # whose fonts have many a sign that is no letter
            notes.append("Characters that are not text, such as NUL, were removed.")
        return Finished(self._cut, self._language.code, tuple(notes))

    def _pages(self) -> Iterator[ExtractedPage]:
        """All that the reader gives, within the limits."""
        task, number = self._task, 0
        last = task.job.last_page or task.job.limits.max_pages
        while number < last and self._left > 0:
            if task.page_count and number == task.page_count:
                return
            number += 1
            if number not in task.job.failed:
                task.begins(number)
            try:
                raw = next(self._raw)
            except StopIteration:
                return
            if number in task.job.failed:
                yield ExtractedPage(number, label(self._unit, number), "", "failed")
            elif raw is not None:
                yield self._page(number, raw)
        if not task.job.last_page:
            self._count_rest(number)

    def _page(self, number: int, raw: RawPage) -> ExtractedPage:
        text, unstorable = clean_text(raw.text or "")
        self._unstorable |= unstorable
        most = min(self._left, PAGE_MAX_CHARACTERS)
        if len(text) > most:
            text = text[:most]
            if most < PAGE_MAX_CHARACTERS:  # else its length says so
                self._task.notes.append(f"The text of {self._unit} {number:,} was cut: the file has too much of it.")
        self._left -= len(text)
        state: PageState = "failed" if raw.text is None else "read" if text.strip() else "empty"
        return ExtractedPage(number, raw.label, text if state == "read" else "", state, raw.method)

    def _count_rest(self, given: int) -> None:
        if self._task.page_count:
            self._cut = max(0, self._task.page_count - given)
        else:
            until = time.monotonic() + COUNTING_S
            for _ in self._raw:
                self._cut += 1
                if time.monotonic() > until:
                    break
        self._raw.close()
        if self._cut:
            self._task.notes.append(f"Only the first {given:,} {self._unit}s were read: the file is longer.")

    def _with_passages(self, page: ExtractedPage) -> ExtractedPage:
        language = self._language.code
        passages = passages_of_page(
            filename=self._task.job.filename, number=page.number, label=page.label, text=page.text, language=language
        )
        return replace(page, passages=passages, language=language)
