"""Rows of tables and lines of programs in pages of a fixed number of them, named by where they stand."""

from collections.abc import Callable, Iterable

from apps.documents.extraction.task import RawPage, RawPages

PAGE_CHARACTERS = 6_000  # a page of wide rows ends before its number of rows is reached
ROW_MAX_CHARACTERS = 20_000  # of one row; what is longer is cut into pieces that stand under the same number


def pages_of_rows(rows: Iterable[tuple[int, str]], *, per_page: int, label: Callable[[int, int], str]) -> RawPages:
    """`rows` are numbers and texts in order; `label` names those from the first to the last of a page.

    Rows of nothing but space end no page and begin none.
    """
    page: list[str] = []
    first = last = size = 0
    for number, row in rows:
        for start in range(0, max(len(row), 1), ROW_MAX_CHARACTERS):
            text = row[start : start + ROW_MAX_CHARACTERS].rstrip()
            if page and (number >= first + per_page or size + len(text) > PAGE_CHARACTERS):
                yield RawPage(label(first, last), "\n".join(page).rstrip("\n"))
                page, size = [], 0
            if not page and not text.strip():
                continue
            if not page:
                first = number
            page.append(text)
            size += len(text) + 1
            last = number if text.strip() else last
    if page:
        yield RawPage(label(first, last), "\n".join(page).rstrip("\n"))
