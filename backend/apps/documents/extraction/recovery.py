"""One file, read by one child after another: what a page does to its child costs that page alone."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from logging import getLogger
from typing import BinaryIO

from django.conf import settings

from apps.documents.extraction.job import WALL_FACTOR, Job
from apps.documents.extraction.labels import label
from apps.documents.extraction.lines import MAX_LINE_BYTES, At, Finished, Line, Refusal, from_bytes
from apps.documents.extraction.notes import notes_on_pages, refusal_of
from apps.documents.extraction.patience import Patience
from apps.documents.extraction.processes import child, cpu_seconds, line_of
from apps.documents.extraction.results import (
    PASSED_OVER,
    UNITS,
    Ended,
    ExtractedPage,
    Opened,
    PageSeen,
    Reason,
    Refused,
)

log = getLogger(__name__)
CHILD = "apps.documents.extraction.child"
MAX_DEATHS = 3
MAX_KILLS = 5  # from outside, each at another page
POLL_S = 0.05  # the least that is waited for a child before its time is looked at again
# How a child dies of its limits; other signals are crashes of a parser.
SIGNAL_REASONS: dict[int, Reason] = {
    signal.SIGXCPU: "timeout",
    signal.SIGKILL: "too_large",  # the system ran out of memory
    signal.SIGABRT: "too_large",  # PDFium was refused more
}


class _Death(Exception):
    """A child ended, or was ended, before its last line."""

    def __init__(self, reason: Reason, *, is_hang: bool = False, is_over: bool = False, is_kill: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_hang, self.is_over, self.is_kill = reason, is_hang, is_over, is_kill


class Reading:
    """`results` once. `file` is read anew by each child; `seen` are pages that somebody read before."""

    def __init__(self, job: Job, file: BinaryIO, seen: Sequence[PageSeen]) -> None:
        self._file = file
        self._pages = [page for page in seen if page.number < job.first_page]
        self._job = self._after_pages(job)
        self._opened: Opened | None = None
        self._at = 0  # the page that the child is at
        self._language = job.language
        self._patience = Patience(page_s=settings.EXTRACTION_PAGE_SECONDS, file_s=settings.EXTRACTION_TIMEOUT_SECONDS)
        self._deaths = self._hangs = 0
        self._waits_for_ocr = False
        self._killed_at: set[int] = set()  # pages
        self._killed_by: Reason | None = None  # of the last child that did not come to its end

    async def results(self) -> AsyncGenerator[Opened | ExtractedPage | Ended, None]:
        """Raises: Refused, when nothing can be read."""
        while True:
            try:
                async with aclosing(self._of_child()) as results:
                    async for result in results:
                        yield result
                return
            except _Death as death:
                if self._is_tried_again_after(death):
                    continue
                if self._opened is None:
                    raise Refused(death.reason) from None
                if not self._goes_on_after(death):
                    last = death
                    break
        for result in self._cut(last):
            yield result

    async def _of_child(self) -> AsyncGenerator[Opened | ExtractedPage | Ended, None]:
        """What one more child gives. Raises: Refused, _Death."""
        async with aclosing(self._lines()) as lines:
            async for line in lines:
                if isinstance(line, Opened):
                    if self._opened is None:
                        self._opened = line
                        yield line
                elif isinstance(line, ExtractedPage):
                    yield self._given(line)
                elif isinstance(line, Finished):
                    yield self._ended(line)

    async def _lines(self) -> AsyncGenerator[Line, None]:
        """The lines of a child, the last of which is Finished. Raises: Refused, _Death."""
        size = 0
        last: Line | None = None
        self._at = 0
        async with child(CHILD, job=self._job.to_variable(), file=self._file) as process:
            while raw := await self._next(process):
                size += len(raw)
                last = _line(raw)
                if size > self._job.limits.output_bytes or last is None:
                    raise _Death("broken")
                if isinstance(last, Refusal):
                    if last.detail:
                        log.warning("extraction failed: %s", last.detail)
                    self._refuse(last.reason)
                if isinstance(last, At):
                    self._at = last.number
                    self._waits_for_ocr = last.ocr
                yield last
            code = await process.wait()
        if not isinstance(last, Finished):
            raise _Death(_reason_of_death(code), is_kill=code == -signal.SIGKILL)

    async def _next(self, process: asyncio.subprocess.Process) -> bytes:
        """The next line, empty at the end. Raises: _Death, when it does not come in time."""
        assert process.stdout is not None
        ocr, self._waits_for_ocr = self._waits_for_ocr, False
        begun_s, clock_s = cpu_seconds(process), time.monotonic()
        ends_s = clock_s + WALL_FACTOR * self._patience.left_s + (self._job.ocr.wall_s if ocr else 0)
        line = asyncio.ensure_future(line_of(process.stdout, max_bytes=MAX_LINE_BYTES))
        used_s = 0.0
        try:
            while not line.done():
                left_s = self._patience.left_s - used_s
                if left_s <= 0 or time.monotonic() >= ends_s:
                    raise _Death("timeout", is_hang=True, is_over=self._patience.is_of_file)
                await asyncio.wait({line}, timeout=max(POLL_S, min(left_s, ends_s - time.monotonic())))
                used_s = _used(begun_s, cpu_seconds(process), time.monotonic() - clock_s)
            return line.result()
        except ValueError:  # a line without end
            raise _Death("broken") from None
        finally:
            self._patience.spend(used_s, ocr=ocr)
            line.cancel()
            with suppress(asyncio.CancelledError, ValueError):
                await line

    def _refuse(self, reason: Reason) -> None:
        """Raises: Refused; or _Death when pages were read before the damage."""
        if any(page.state == "read" for page in self._pages):
            raise _Death(reason)
        raise Refused(reason)

    def _given(self, page: ExtractedPage) -> ExtractedPage:
        self._pages.append(PageSeen(page.number, page.state, page.method, len(page.text)))
        self._patience.restore(len(page.text))
        self._language = page.language or self._language
        return page

    @property
    def _next_page(self) -> int:
        """The first that was not given."""
        return max(self._job.first_page, self._pages[-1].number + 1 if self._pages else 1)

    def _is_tried_again_after(self, death: _Death) -> bool:
        """Prepare the job of the next child after one that was killed from outside, for want of memory or by somebody.

        That is no fault of the page that it was at, unless it comes twice.
        """
        if not death.is_kill or self._at in self._killed_at or len(self._killed_at) >= MAX_KILLS:
            return False
        self._killed_at.add(self._at)
        self._job = replace(self._after_pages(self._job), first_page=self._next_page, language=self._language)
        return True

    def _goes_on_after(self, death: _Death) -> bool:
        """Prepare the job of the next child; whether there is to be one."""
        assert self._opened is not None
        if death.is_over or self._job.last_page:
            return False
        self._deaths += 1
        self._hangs += death.is_hang
        self._killed_by = death.reason
        if death.is_hang:
            self._patience.shorten()
        job = self._after_pages(replace(self._job, first_page=self._next_page, language=self._language))
        can_pass_over = self._opened.kind in PASSED_OVER and self._at >= self._next_page
        if can_pass_over and self._deaths <= MAX_DEATHS and self._hangs <= 1:
            self._job = replace(job, failed=(*job.failed, self._at))
            return True
        # The next would end likewise; it may only give what this one had read and held back.
        self._job = replace(job, last_page=self._at - 1)
        return self._at > self._next_page

    def _after_pages(self, job: Job) -> Job:
        """With what the pages before tell the one who goes on."""
        ocr = [page.state for page in reversed(self._pages) if page.method == "ocr"]
        since = ocr[: ocr.index("read")] if "read" in ocr else ocr
        characters = sum(page.characters for page in self._pages)
        return replace(job, characters=characters, ocr_in_vain=since.count("failed"))

    def _cut(self, death: _Death) -> list[ExtractedPage | Ended]:
        """The page that nobody could read, and the end. Raises: Refused, when nothing was read at all."""
        assert self._opened is not None
        if not any(page.state == "read" for page in self._pages):
            raise Refused(death.reason)
        number, unit = self._next_page, UNITS[self._opened.kind]
        result: list[ExtractedPage | Ended] = []
        if not death.is_over:
            result.append(self._given(ExtractedPage(number, label(unit, number), "", "failed")))
        given = self._pages[-1].number
        # Where the file does not say how many there are, one at least: that which was not reached.
        cut = max(0, self._opened.page_count - given) if self._opened.page_count else int(death.is_over)
        why = "took too long" if death.reason == "timeout" else "is damaged"
        note = f"After {unit} {given:,} the file {why}: what follows was not read."
        return [*result, self._end(cut, self._language, (note,))]

    def _ended(self, finished: Finished) -> Ended:
        """Raises: Refused, when there is nothing in the file to read."""
        assert self._opened is not None
        if self._job.last_page:
            raise _Death(self._killed_by or "broken")  # as the child before, whose page is to be named
        reason = refusal_of(self._opened.kind, self._pages, has_ocr=bool(self._job.ocr.program))
        if reason and self._is_whole:
            raise Refused(self._killed_by if reason == "broken" and self._killed_by else reason)
        return self._end(finished.pages_cut, finished.language, finished.notes)

    @property
    def _is_whole(self) -> bool:
        """Whether all pages before the last are known: else others may have been read."""
        return [page.number for page in self._pages] == list(range(1, len(self._pages) + 1))

    def _end(self, cut: int, language: str, notes: tuple[str, ...]) -> Ended:
        assert self._opened is not None
        given = max((page.number for page in self._pages), default=self._job.first_page - 1)
        told = notes_on_pages(self._opened.kind, self._pages, ocr=self._job.ocr)
        return Ended(given + cut, cut, language, (*told, *notes))


def _used(begun_s: float | None, ended_s: float | None, clock_s: float) -> float:
    """Processor time, or that of the clock where a system does not tell; none of a child that is gone."""
    if begun_s is None:
        return 0.0 if sys.platform == "linux" else clock_s
    return ended_s - begun_s if ended_s is not None else 0.0


def _line(raw: bytes) -> Line | None:
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        return from_bytes(raw)
    return None


def _reason_of_death(code: int) -> Reason:
    if code >= 0:
        raise RuntimeError(f"the child that reads files ended with code {code}")  # our fault, not the file's
    reason = SIGNAL_REASONS.get(-code, "broken")
    log.warning("extraction ended by signal %d: %s", -code, reason)
    return reason
