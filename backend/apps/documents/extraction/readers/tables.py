"""Tables of text: CSV, whatever stands between its cells."""

import csv
from collections.abc import Iterator
from functools import partial

from apps.documents.extraction.decoding import decoded
from apps.documents.extraction.labels import rows_label
from apps.documents.extraction.readers.ooxml import CELL_SEPARATOR
from apps.documents.extraction.rows import pages_of_rows
from apps.documents.extraction.task import RawPages, Task

ROWS_PER_PAGE = 50
SAMPLE_CHARACTERS = 20_000
DELIMITERS = ",;\t|"


def read(content: bytes, task: Task) -> RawPages:
    """Yield pages of ROWS_PER_PAGE rows. Raises: Refused."""
    text = decoded(content, task.notes).replace("\0", "")
    task.opened()
    yield from pages_of_rows(_rows(text), per_page=ROWS_PER_PAGE, label=partial(rows_label, "row"))


def _rows(text: str) -> Iterator[tuple[int, str]]:
    csv.field_size_limit(len(text) + 1)
    lines = (line + "\n" for line in text.split("\n"))
    for number, row in enumerate(csv.reader(lines, delimiter=_delimiter(text[:SAMPLE_CHARACTERS])), 1):
        yield number, row_text(row)


def row_text(cells: list[str]) -> str:
    """Cells in one line, as tables of Office files are; empty ones at its end count for nothing."""
    shown = [" ".join(cell.split()) for cell in cells]
    while shown and not shown[-1]:
        shown.pop()
    return CELL_SEPARATOR.join(shown)


def _delimiter(sample: str) -> str:
    try:
        return csv.Sniffer().sniff(sample, DELIMITERS).delimiter
    except csv.Error:  # it cannot tell: the one that the first line has most of
        first = sample.partition("\n")[0]
        return max(DELIMITERS, key=first.count)
