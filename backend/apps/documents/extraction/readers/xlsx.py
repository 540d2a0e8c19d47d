"""Excel workbooks (XLSX), sheet by sheet, by rows; a formula by the result that was stored with it."""

import datetime
import io
from collections.abc import Iterable, Iterator
from functools import partial

import openpyxl
from openpyxl.chartsheet import Chartsheet

from apps.documents.extraction.labels import sheet_label
from apps.documents.extraction.packages import xml_parts_only
from apps.documents.extraction.readers.tables import row_text
from apps.documents.extraction.rows import pages_of_rows
from apps.documents.extraction.task import RawPages, Task

ROWS_PER_PAGE = 40
MAX_ROWS = 1_048_576  # as many as Excel has; what says it stands further down is made to keep readers busy
MIDNIGHT = datetime.time()


def read(content: bytes, task: Task) -> RawPages:
    """Yield pages of ROWS_PER_PAGE rows of each sheet in order. Raises: Refused."""
    parts = xml_parts_only(content, max_bytes=task.job.limits.xml_bytes)
    workbook = openpyxl.load_workbook(io.BytesIO(parts), read_only=True, data_only=True, keep_links=False)
    task.opened()
    for sheet in workbook.worksheets:
        if isinstance(sheet, Chartsheet):
            continue
        sheet.reset_dimensions()  # what the file says of them may be wrong, or a lie
        rows = enumerate(sheet.iter_rows(max_row=MAX_ROWS, values_only=True), 1)
        yield from pages_of_rows(_texts(rows), per_page=ROWS_PER_PAGE, label=partial(sheet_label, sheet.title))


def _texts(rows: Iterable[tuple[int, tuple[object, ...]]]) -> Iterator[tuple[int, str]]:
    return ((number, row_text([_shown(value) for value in row])) for number, row in rows if any_value(row))


def any_value(row: tuple[object, ...]) -> bool:
    """Whether a row has anything: sheets are full of rows that were touched once."""
    return any(value is not None for value in row)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return format(value, ".15g")  # as Excel counts
    if isinstance(value, datetime.datetime) and value.time() == MIDNIGHT:
        return value.date().isoformat()
    return str(value)
