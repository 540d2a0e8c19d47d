"""Plain text and Markdown, in sections of about a printed page."""

import re
from collections.abc import Iterator

from apps.documents.extraction.decoding import decoded
from apps.documents.extraction.sections import Line, sections_of
from apps.documents.extraction.task import RawPages, Task

HEADINGS = ("# ", "## ", "### ")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*")  # of a heading in the line before


def read_plain(content: bytes, task: Task) -> RawPages:
    """Yield sections, broken between paragraphs. Raises: Refused."""
    text = decoded(content, task.notes)
    task.opened()
    yield from sections_of(Line(line) for line in text.split("\n"))


def read_markdown(content: bytes, task: Task) -> RawPages:
    """Yield sections, each of which begins at a heading where there are headings. Raises: Refused."""
    text = decoded(content, task.notes)
    task.opened()
    yield from sections_of(_markdown_lines(text.split("\n")))


def _markdown_lines(lines: list[str]) -> Iterator[Line]:
    fenced = False  # a "#" in a block of code is a comment of its language
    for position, text in enumerate(lines):
        if text.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        following = lines[position + 1] if position + 1 < len(lines) else ""
        before = lines[position - 1] if position else ""
        underlined = bool(text[:1].strip()) and not before.strip() and UNDERLINE.fullmatch(following) is not None
        yield Line(text, is_heading=not fenced and (text.startswith(HEADINGS) or underlined))
