"""Sections stand in for pages where a format has none, so that an answer can say where it found something."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from apps.documents.extraction.labels import label
from apps.documents.extraction.task import RawPage

SECTION_CHARACTERS = 3000  # about a printed page; the section ends with the paragraph that reaches it
SECTION_MAX_CHARACTERS = 2 * SECTION_CHARACTERS  # here it ends within a paragraph, and a longer line is cut
UNIT = "section"


class Line(NamedTuple):
    text: str
    is_heading: bool = False


def sections_of(lines: Iterable[Line], *, first: int = 1) -> Iterator[RawPage]:
    """Join `lines` into sections, numbered from `first`, each of which begins at a heading where there are headings.

    Headings that follow each other stay together; sections of nothing but space are dropped. The label names the
    heading that the section stands under.
    """
    number, heading = first, ""
    for section in _sections(lines):
        text = "\n".join(line.text for line in section).strip("\n")
        headings = [line.text for line in _leading(section)]
        heading = _shown(headings[-1]) if headings else heading
        if text.strip():
            yield RawPage(label(UNIT, number, heading), text)
            number += 1


def _sections(lines: Iterable[Line]) -> Iterator[list[Line]]:
    section: list[Line] = []
    size, has_body = 0, False
    for line in _bounded(lines):
        ends = has_body and (line.is_heading or (size >= SECTION_CHARACTERS and not line.text.strip()))
        if ends or size + len(line.text) > SECTION_MAX_CHARACTERS:
            yield section
            section, size, has_body = [], 0, False
        section.append(line)
        size += len(line.text) + 1
        has_body = has_body or bool(line.text.strip() and not line.is_heading)
    yield section


def _leading(section: list[Line]) -> Iterator[Line]:
    """The headings at its top."""
    for line in section:
        if line.is_heading and line.text.strip():
            yield line
        elif line.text.strip():
            return


def _shown(heading: str) -> str:
    """Without the marks of Markdown."""
    return heading.strip().lstrip("#").rstrip("#").strip()


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        if len(line.text) <= SECTION_MAX_CHARACTERS:
            yield line
            continue
        yield Line(line.text[:SECTION_MAX_CHARACTERS], line.is_heading)
        for start in range(SECTION_MAX_CHARACTERS, len(line.text), SECTION_MAX_CHARACTERS):
            yield Line(line.text[start : start + SECTION_MAX_CHARACTERS])
