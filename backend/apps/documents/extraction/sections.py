"""Sections stand in for pages where a format has none, so that an answer can say where it found something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTION_CHARACTERS = 3000  # about a printed page; the section ends with the paragraph that reaches it
SECTION_MAX_CHARACTERS = 2 * SECTION_CHARACTERS  # here it ends within a paragraph, and a longer line is cut


@dataclass(frozen=True)
class Line:
    text: str
    is_heading: bool = False


def sections_of(lines: Iterable[Line]) -> Iterator[str]:
    """Join `lines` into sections, each of which begins at a heading where there are headings.

    Headings that follow each other stay together; sections of nothing but space are dropped.
    """
    section: list[str] = []
    size, has_body = 0, False
    for line in _bounded(lines):
        ends = has_body and (line.is_heading or (size >= SECTION_CHARACTERS and not line.text.strip()))
        if ends or size + len(line.text) > SECTION_MAX_CHARACTERS:
            yield from _joined(section)
            section, size, has_body = [], 0, False
        section.append(line.text)
        size += len(line.text) + 1
        has_body = has_body or bool(line.text.strip() and not line.is_heading)
    yield from _joined(section)


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        yield Line(line.text[:SECTION_MAX_CHARACTERS], line.is_heading)
        for start in range(SECTION_MAX_CHARACTERS, len(line.text), SECTION_MAX_CHARACTERS):
            yield Line(line.text[start : start + SECTION_MAX_CHARACTERS])


def _joined(section: list[str]) -> Iterator[str]:
    text = "\n".join(section).strip("\n")
    if text.strip():
        yield text
