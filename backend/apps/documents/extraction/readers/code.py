"""Programs, by their lines."""

from functools import partial

from apps.documents.extraction.decoding import decoded
from apps.documents.extraction.labels import rows_label
from apps.documents.extraction.rows import pages_of_rows
from apps.documents.extraction.task import RawPages, Task

LINES_PER_PAGE = 80


def read(content: bytes, task: Task) -> RawPages:
    """Yield pages of LINES_PER_PAGE lines as they stand. Raises: Refused."""
    lines = decoded(content, task.notes).split("\n")
    task.opened()
    yield from pages_of_rows(enumerate(lines, 1), per_page=LINES_PER_PAGE, label=partial(rows_label, "line"))
