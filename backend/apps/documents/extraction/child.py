"""The process that reads one file: bytes on stdin, lines on stdout (see `lines`), nothing else of the world."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from apps.documents.extraction.job import Job
from apps.documents.extraction.kinds import kind_of
from apps.documents.extraction.limits import die_with, forbid_files, limit_resources
from apps.documents.extraction.lines import Line, Refusal, to_bytes
from apps.documents.extraction.ocr import Ocr
from apps.documents.extraction.pages import Pages
from apps.documents.extraction.results import Kind, Refused
from apps.documents.extraction.task import Task

READERS: dict[Kind, tuple[str, str]] = {
    "pdf": ("pdf", "read"),
    "docx": ("docx", "read"),
    "pptx": ("pptx", "read"),
    "xlsx": ("xlsx", "read"),
    "odt": ("odt", "read"),
    "epub": ("epub", "read"),
    "html": ("html", "read"),
    "text": ("text", "read_plain"),
    "markdown": ("text", "read_markdown"),
    "csv": ("tables", "read"),
    "code": ("code", "read"),
    "image": ("image", "read"),
}


def main() -> None:
    """Read the file on stdin and report it."""
    job = Job.of_environment(os.environ)
    die_with(job.gateway_pid)
    write = _report_alone()
    limit_resources(job.limits)
    try:
        for line in lines_of(_content(job), job, write):
            write(line)
    except Refused as refused:
        write(Refusal(refused.reason))
    except MemoryError:
        write(Refusal("too_large"))
    except ImportError:
        raise  # our fault, not the file's: the gateway logs the exit code
    except Exception as error:  # the edge of the process: what parsers raise on damaged files is endless
        write(Refusal("broken", type(error).__name__))


def lines_of(content: bytes, job: Job, tell: Callable[[Line], None]) -> Iterator[Line]:
    """Yield the pages and the end; `tell` gets what is said in between.

    Raises: Refused, and whatever a parser raises on damaged files.
    """
    kind = kind_of(content, filename=job.filename, suffix=job.suffix, media_type=job.media_type)
    # Loaded by name: a PDF should not wait for the imports of PowerPoint.
    module, function = READERS[kind]
    reader: Any = getattr(import_module(f"apps.documents.extraction.readers.{module}"), function)
    forbid_files()
    task = Task(job, kind, tell, Ocr(job.ocr))
    pages = Pages(reader(content, task), task)
    yield from pages
    yield pages.finished()


def _content(job: Job) -> bytes:
    content = sys.stdin.buffer.read(job.limits.file_bytes + 1)
    if len(content) > job.limits.file_bytes:
        raise Refused("too_large")
    return content


def _report_alone() -> Callable[[Line], None]:
    """Keep stdout for the report: what C libraries print to it must not get into the lines."""
    report = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def write(line: Line) -> None:
        report.write(to_bytes(line))
        report.flush()

    return write


if __name__ == "__main__":
    main()
