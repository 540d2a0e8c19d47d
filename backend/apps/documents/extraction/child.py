"""The process that reads one file: bytes on stdin, JSON lines on stdout, nothing else of the world.

Lines: {"document": {kind, size_bytes, sha256}}, {"page": {number, label, text, state}} for each, {"end": {notes}};
or at any point, as the last: {"refused": reason, "detail": the class of an error}.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import import_module
from typing import Any

from apps.documents.extraction.archive import xml_parts_only
from apps.documents.extraction.job import Job
from apps.documents.extraction.kinds import kind_of
from apps.documents.extraction.limits import die_with, forbid_files, limit_resources
from apps.documents.extraction.pages import Pages
from apps.documents.extraction.results import Kind, Refused

Line = dict[str, Any]  # JSON
READERS: dict[Kind, tuple[str, str]] = {
    "pdf": ("pdf", "read"),
    "docx": ("docx", "read"),
    "pptx": ("pptx", "read"),
    "text": ("text", "read_plain"),
    "markdown": ("text", "read_markdown"),
}
OFFICE = ("docx", "pptx")


def main() -> None:
    """Read the file on stdin and report it."""
    job = Job.from_argument(sys.argv[1])
    die_with(job.gateway_pid)
    write = _report_alone()
    limit_resources(job.limits)
    try:
        for line in extraction_lines(sys.stdin.buffer.read(), job):
            write(line)
    except Refused as refused:
        write({"refused": refused.reason})
    except MemoryError:
        write({"refused": "too_large"})
    except ImportError:
        raise  # our fault, not the file's: the gateway logs the exit code
    except Exception as error:  # the edge of the process: what parsers raise on damaged files is endless
        write({"refused": "broken", "detail": type(error).__name__})


def extraction_lines(content: bytes, job: Job) -> Iterator[Line]:
    """Yield the lines of the report. Raises: Refused, and whatever a parser raises on damaged files."""
    kind = kind_of(content, suffix=job.suffix, media_type=job.media_type)
    yield {
        "document": {"kind": kind, "size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()},
    }
    if kind in OFFICE:
        content = xml_parts_only(content, max_bytes=job.limits.xml_bytes)
    # Loaded by name: a PDF should not wait for the imports of PowerPoint.
    name, function = READERS[kind]
    reader = import_module(f"apps.documents.extraction.readers.{name}")
    forbid_files()
    notes: list[str] = []
    for page in Pages(getattr(reader, function)(content, notes), reader.UNIT, job.limits, notes):
        yield {"page": asdict(page)}
    yield {"end": {"notes": notes}}


def _report_alone() -> Callable[[Line], None]:
    """Keep stdout for the report: what C libraries print to it must not get into the lines."""
    report = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def write(line: Line) -> None:
        report.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        report.flush()

    return write


if __name__ == "__main__":
    main()
